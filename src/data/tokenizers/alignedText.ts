/** A text with the place in the original text that each of its UTF-16 code units comes from. */
export class AlignedText {
  readonly text: string;
  /** Place of each code unit; undefined if they are as many as in the original, from `base`. */
  readonly #places: readonly number[] | undefined;
  readonly #base: number;
  /** Place after the last code unit. */
  readonly #end: number;

  /**
   * @param base place of the first code unit, if all follow each other
   * @param places place of each, if not
   * @param end place after the last one
   */
  constructor(text: string, base: number, places?: readonly number[], end = base + text.length) {
    this.text = text;
    this.#base = base;
    this.#places = places;
    this.#end = end;
  }

  /** Place in the original of a code unit; of the end, the place after the last one. */
  placeOf(index: number): number {
    if (index >= this.text.length) return this.#end;
    return this.#places ? this.#places[index]! : this.#base + index;
  }

  slice(start: number, end: number): AlignedText {
    const text = this.text.slice(start, end);
    const places = this.#places?.slice(start, end);
    return new AlignedText(text, this.placeOf(start), places, this.placeOf(end));
  }

  /** The text after another one, which comes from the place where this one begins. */
  after(prefix: string): AlignedText {
    const places = Array.from({ length: prefix.length }, () => this.placeOf(0));
    for (let index = 0; index < this.text.length; index++) places.push(this.placeOf(index));
    return new AlignedText(prefix + this.text, this.placeOf(0), places, this.#end);
  }

  /**
   * Replaces parts of the text.
   * @param parts matches the parts; those between them stay
   * @param change returns what a part becomes; it comes from the place where the part begins
   */
  replaced(parts: RegExp, change: (part: string) => string): AlignedText {
    const places: number[] = [];
    const texts: string[] = [];
    let [end, isChanged] = [0, false];
    const keep = (start: number, stop: number) => {
      texts.push(this.text.slice(start, stop));
      for (let index = start; index < stop; index++) places.push(this.placeOf(index));
    };
    for (const match of this.text.matchAll(parts)) {
      const [part] = match;
      const changed = change(part);
      if (changed === part) continue;
      isChanged = true;
      keep(end, match.index);
      texts.push(changed);
      const place = this.placeOf(match.index);
      for (let unit = 0; unit < changed.length; unit++) places.push(place);
      end = match.index + part.length;
    }
    if (!isChanged) return this;
    keep(end, this.text.length);
    return new AlignedText(texts.join(''), this.#base, places, this.#end);
  }

  /** Changes each of the parts that the text consists of. */
  inParts(parts: Iterable<string>, change: (part: string) => string): AlignedText {
    const places: number[] = [];
    const texts: string[] = [];
    let start = 0;
    for (const part of parts) {
      const changed = change(part);
      texts.push(changed);
      for (let unit = 0; unit < changed.length; unit++)
        places.push(this.placeOf(start + (changed === part ? unit : 0)));
      start += part.length;
    }
    return new AlignedText(texts.join(''), this.#base, places, this.#end);
  }

  /** Another text with the places of the same indices. */
  withText(text: string): AlignedText {
    const last = Math.max(0, this.text.length - 1);
    return new AlignedText(
      text,
      this.#base,
      Array.from({ length: text.length }, (_, index) => this.placeOf(Math.min(index, last))),
      this.#end,
    );
  }
}
