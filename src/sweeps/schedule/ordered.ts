/** Compares two items: negative if the first one comes before the second one. */
export type Compare<Item> = (a: Item, b: Item) => number;

/** Items of which the first one is at hand (a binary heap): adding or removing one takes logarithmic time. */
export class Heap<Item> {
  readonly #items: Item[] = [];
  readonly #compare: Compare<Item>;

  constructor(compare: Compare<Item>) {
    this.#compare = compare;
  }

  /** The first item; undefined if there is none. */
  get first(): Item | undefined {
    return this.#items[0];
  }

  add(item: Item): void {
    const items = this.#items;
    let place = items.push(item) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#isBefore(place, above)) return;
      this.#swap(place, above);
      place = above;
    }
  }

  /** Removes the first item. */
  removeFirst(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    items[0] = last;
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const next = right < items.length && this.#isBefore(right, left) ? right : left;
      if (next >= items.length || !this.#isBefore(next, place)) return;
      this.#swap(place, next);
      place = next;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [first, second] = [this.#items[a], this.#items[b]];
    return first !== undefined && second !== undefined && this.#compare(first, second) < 0;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#items[a], this.#items[b]];
    if (first === undefined || second === undefined) return;
    this.#items[a] = second;
    this.#items[b] = first;
  }
}

/** Most items of a part of a `SortedItems`. */
const LARGEST_PART = 1024;

/** Sorted items to which others are added, in parts of a bounded size, so that neither adding nor counting moves all of them. */
export class SortedItems<Item> {
  readonly #parts: Item[][] = [];
  readonly #compare: Compare<Item>;

  constructor(compare: Compare<Item>) {
    this.#compare = compare;
  }

  add(item: Item): void {
    const place = this.#partOf(item);
    const part = this.#parts[place];
    if (!part) return void this.#parts.push([item]);
    part.splice(this.#countBefore(part, item), 0, item);
    if (part.length > LARGEST_PART) this.#parts.splice(place + 1, 0, part.splice(LARGEST_PART >> 1));
  }

  /** Number of items that come before an item, which need not be among them. */
  countBefore(item: Item): number {
    const place = this.#partOf(item);
    let count = 0;
    for (let before = 0; before < place; before++) count += this.#parts[before]?.length ?? 0;
    const part = this.#parts[place];
    return part ? count + this.#countBefore(part, item) : count;
  }

  /** Place of the last part that begins before an item, or of the first part. */
  #partOf(item: Item): number {
    let [low, high] = [0, this.#parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const first = this.#parts[middle]?.[0];
      if (first !== undefined && this.#compare(first, item) < 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  #countBefore(part: readonly Item[], item: Item): number {
    let [low, high] = [0, part.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = part[middle];
      if (other !== undefined && this.#compare(other, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
