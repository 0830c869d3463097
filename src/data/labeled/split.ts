import type { Generator } from '../../random/generator.ts';
import { numberTexts, type TextNumbers } from './textKeys.ts';

/**
 * Splits items randomly into two parts. Items whose texts differ only in case and white space stay together, so that
 * validation does not contain training texts.
 * @param share fraction of the distinct texts in the second part, 0 to 1
 * @param texts the numbers of the texts, if they are known
 */
export function splitByText<T extends { readonly text: string }>(
  items: readonly T[],
  share: number,
  generator: Generator,
  { numbers, distinct }: TextNumbers = numberTexts(items),
): [first: T[], second: T[]] {
  const order = shuffledNumbers(distinct, generator);
  const chosen = new Uint8Array(distinct);
  for (const number of order.subarray(0, Math.round(share * distinct))) chosen[number] = 1;
  return divided(items, (at) => chosen[numbers[at]!] === 1);
}

/** Divides items by whether the one at a place is in the second part. */
function divided<T>(items: readonly T[], isSecond: (at: number) => boolean): [first: T[], second: T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  items.forEach((item, at) => (isSecond(at) ? second : first).push(item));
  return [first, second];
}

/** Text with its label, and the group to which it belongs, if there are groups. */
interface SplitItem {
  readonly text: string;
  readonly label?: string;
  readonly group?: string | undefined;
}

/** Groups of texts that stay together: equal texts, or texts that share a group, directly or through other texts. */
interface Clusters {
  /** Cluster of each item. */
  readonly ofItems: Int32Array;
  /** Number of distinct texts in each cluster. */
  readonly sizes: Uint32Array;
  /** Labels of each cluster: those at `starts[cluster]` up to `starts[cluster + 1]`, with their numbers of texts. */
  readonly starts: Uint32Array;
  readonly labels: Uint32Array;
  readonly counts: Uint32Array;
  /** Number of different labels. */
  readonly labelCount: number;
}

/**
 * Splits labeled items into two parts with every label in proportion: of the distinct texts of a label, the second part
 * has its share, rounded so that all labels together have theirs. Items whose texts differ only in case and white space,
 * and items of the same group, stay together, so that proportions are approximate where groups are large.
 * @param share fraction of the distinct texts in the second part, 0 to 1
 * @param labelOf label by which items are in proportion
 * @param texts the numbers of the texts, if they are known
 */
export function splitByLabel<T extends SplitItem>(
  items: readonly T[],
  share: number,
  generator: Generator,
  labelOf: (item: T) => string = ({ label = '' }) => label,
  texts: TextNumbers = numberTexts(items),
): [first: T[], second: T[]] {
  const clusters = clustersOf(items, texts, labelOf);
  const { ofItems, sizes, starts, labels, counts } = clusters;
  const order = shuffledNumbers(sizes.length, generator);
  const wanted = quotas(clusters, order, share, generator);
  if (sizes.some((size) => size !== sizes[0])) order.set([...order].sort((a, b) => sizes[b]! - sizes[a]!));
  const chosen = new Uint8Array(sizes.length);
  let chosenCount = 0;
  /** Labels that lack texts in the second part. Without one, nothing more is gained. */
  let lacking = wanted.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  for (const cluster of order) {
    if (lacking === 0) break;
    let gain = 0;
    for (let at = starts[cluster]!; at < starts[cluster + 1]!; at++) {
      const left = wanted[labels[at]!]!;
      gain += Math.abs(left) - Math.abs(left - counts[at]!);
    }
    if (gain <= 0 || chosenCount + 1 === sizes.length) continue;
    chosen[cluster] = 1;
    chosenCount++;
    for (let at = starts[cluster]!; at < starts[cluster + 1]!; at++) {
      const left = wanted[labels[at]!]!;
      wanted[labels[at]!] = left - counts[at]!;
      if (left > 0 && left <= counts[at]!) lacking--;
    }
  }
  const smallest = order.at(-1);
  // Where every group is larger than the share, the smallest is better than none.
  if (chosenCount === 0 && sizes.length > 1 && smallest !== undefined && wanted.some((count) => count > 0))
    chosen[smallest] = 1;
  return divided(items, (at) => chosen[ofItems[at]!] === 1);
}

/** The clusters of items, in the order in which they first occur. */
function clustersOf<T extends SplitItem>(
  items: readonly T[],
  { numbers, distinct }: TextNumbers,
  labelOf: (item: T) => string,
): Clusters {
  const { ofTexts, size } = clustersOfTexts(items, numbers, distinct);
  const { first, others, labelCount } = labelsOfTexts(items, numbers, distinct, labelOf);
  // Most tables have a text and a label in each cluster, and millions of texts.
  if (size === distinct && others.size === 0) {
    const ones = new Uint32Array(distinct).fill(1);
    const starts = Uint32Array.from(counting(distinct + 1));
    return { ofItems: numbers, sizes: ones, starts, labels: Uint32Array.from(first), counts: ones, labelCount };
  }
  const sizes = new Uint32Array(size);
  for (const cluster of ofTexts) sizes[cluster]!++;
  // The labels of the texts of a cluster, in the order of these texts, each label once.
  const starts = new Uint32Array(size + 1);
  const lists: Map<number, number>[] = [];
  const several = new Set<number>();
  for (let text = 0; text < distinct; text++) {
    const cluster = ofTexts[text]!;
    if (sizes[cluster]! > 1 || others.has(text)) several.add(cluster);
  }
  for (let text = 0; several.size > 0 && text < distinct; text++) {
    const cluster = ofTexts[text]!;
    if (!several.has(cluster)) continue;
    const list = (lists[cluster] ??= new Map<number, number>());
    for (const label of [first[text]!, ...(others.get(text) ?? [])]) list.set(label, (list.get(label) ?? 0) + 1);
  }
  for (let cluster = 0; cluster < size; cluster++) starts[cluster + 1] = starts[cluster]! + (lists[cluster]?.size ?? 1);
  const labels = new Uint32Array(starts[size]!);
  const counts = new Uint32Array(starts[size]!).fill(1);
  for (let text = 0; text < distinct; text++) labels[starts[ofTexts[text]!]!] = first[text]!;
  lists.forEach((list, cluster) => {
    [...list].forEach(([label, count], i) => {
      labels[starts[cluster]! + i] = label;
      counts[starts[cluster]! + i] = count;
    });
  });
  const ofItems = numbers.map((text) => ofTexts[text]!);
  return { ofItems, sizes, starts, labels, counts, labelCount };
}

/** The numbers from 0 up to a count. */
function counting(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = at;
  return numbers;
}

/** The cluster of each text, by its number, and the number of clusters. */
function clustersOfTexts(
  items: readonly SplitItem[],
  numbers: Int32Array,
  distinct: number,
): { readonly ofTexts: Int32Array; readonly size: number } {
  const parents = counting(distinct);
  const rootOf = (text: number): number => {
    let root = text;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = text; at !== root;) {
      const next = parents[at]!;
      parents[at] = root;
      at = next;
    }
    return root;
  };
  const firstOfGroup = new Map<string, number>();
  items.forEach(({ group }, item) => {
    if (group === undefined) return;
    const first = firstOfGroup.get(group);
    if (first === undefined) firstOfGroup.set(group, numbers[item]!);
    else parents[rootOf(numbers[item]!)] = rootOf(first);
  });
  // Most tables have no groups, and very many texts.
  if (firstOfGroup.size === 0) return { ofTexts: parents, size: distinct };
  const found = new Int32Array(distinct).fill(-1);
  let size = 0;
  const ofTexts = parents.map((_, text) => {
    const root = rootOf(text);
    if (found[root]! < 0) found[root] = size++;
    return found[root]!;
  });
  return { ofTexts, size };
}

/** The labels of each text, by numbers in the order in which they first occur. Most texts have one. */
function labelsOfTexts<T extends SplitItem>(
  items: readonly T[],
  numbers: Int32Array,
  distinct: number,
  labelOf: (item: T) => string,
): { readonly first: Int32Array; readonly others: ReadonlyMap<number, number[]>; readonly labelCount: number } {
  const labels = new Map<string, number>();
  const first = new Int32Array(distinct).fill(-1);
  const others = new Map<number, number[]>();
  items.forEach((item, at) => {
    const label = labelOf(item);
    let number = labels.get(label);
    if (number === undefined) labels.set(label, (number = labels.size));
    const text = numbers[at]!;
    if (first[text]! < 0) {
      first[text] = number;
      return;
    }
    const known = others.get(text);
    if (first[text] !== number && !known) others.set(text, [number]);
    else if (first[text] !== number && !known!.includes(number)) known!.push(number);
  });
  return { first, others, labelCount: labels.size };
}

/** Number of distinct texts of each label in the second part: its share, rounded by the largest remainder. */
function quotas(
  { starts, labels, counts, labelCount }: Clusters,
  order: Int32Array,
  share: number,
  generator: Generator,
): Float64Array {
  const sums = new Float64Array(labelCount);
  /** Labels in the order in which they first occur. */
  const found: number[] = [];
  const isFound = new Uint8Array(labelCount);
  let all = 0;
  for (let at = 0; at < labels.length; at++) {
    sums[labels[at]!]! += counts[at]!;
    all += counts[at]!;
  }
  for (const cluster of order) {
    if (found.length === labelCount) break;
    for (let at = starts[cluster]!; at < starts[cluster + 1]!; at++) {
      const label = labels[at]!;
      if (isFound[label] === 0) found.push(label);
      isFound[label] = 1;
    }
  }
  const wanted = sums.map((count) => Math.floor(share * count));
  const rest = Math.round(share * all) - wanted.reduce((sum, count) => sum + count, 0);
  // A label with a single text stays in the first part, because a model can only learn what it has seen.
  const remainder = (label: number) => (share * sums[label]!) % 1;
  const byRemainder = shuffled(found, generator)
    .filter((label) => sums[label]! > 1 && remainder(label) > 0)
    .sort((a, b) => remainder(b) - remainder(a));
  for (const label of byRemainder.slice(0, rest)) wanted[label]!++;
  return wanted;
}

/**
 * Splits labeled items as configured, with the groups of a table kept together.
 * @param texts the numbers of the texts, if they are known
 */
export function splitLabeled<T extends SplitItem>(
  items: readonly T[],
  { split, validationShare }: { readonly split: 'stratified' | 'random'; readonly validationShare: number },
  generator: Generator,
  labelOf?: (item: T) => string,
  texts: TextNumbers = numberTexts(items),
): [first: T[], second: T[]] {
  return split === 'random' && items.every(({ group }) => group === undefined)
    ? splitByText(items, validationShare, generator, texts)
    : splitByLabel(items, validationShare, generator, split === 'random' ? () => '' : labelOf, texts);
}

/** Returns a copy in random order. */
export function shuffled<T>(items: readonly T[], generator: Generator): T[] {
  const result = [...items];
  shuffle(result, generator);
  return result;
}

/** The numbers below one in random order. */
function shuffledNumbers(count: number, generator: Generator): Int32Array {
  const result = counting(count);
  shuffle(result, generator);
  return result;
}

/** Puts items in random order (Fisher and Yates; Durstenfeld 1964). */
function shuffle<T>(items: { readonly length: number; [index: number]: T }, generator: Generator): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(generator.nextUniform() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
}
