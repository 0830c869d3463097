import type { Generator } from '../../random/generator.ts';

/**
 * Splits items randomly into two parts. Items whose texts differ only in case and white space stay together, so that
 * validation does not contain training texts.
 * @param share fraction of the distinct texts in the second part, 0 to 1
 */
export function splitByText<T extends { readonly text: string }>(
  items: readonly T[],
  share: number,
  generator: Generator,
): [first: T[], second: T[]] {
  const keyOf = items.map(({ text }) => textKey(text));
  const keys = shuffled([...new Set(keyOf)], generator);
  const chosen = new Set(keys.slice(0, Math.round(share * keys.length)));
  return divided(items, (at) => chosen.has(keyOf[at]!));
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
  readonly label: string;
  readonly group?: string | undefined;
}

/** Items that stay together: of the same text, or of the same group. */
interface Cluster {
  /** Number of distinct texts of each label. */
  readonly counts: readonly (readonly [label: string, count: number])[];
  /** Number of distinct texts. */
  readonly size: number;
}

/**
 * Splits labeled items into two parts with every label in proportion: of the distinct texts of a label, the second part
 * has its share, rounded so that all labels together have theirs. Items whose texts differ only in case and white space,
 * and items of the same group, stay together, so that proportions are approximate where groups are large.
 * @param share fraction of the distinct texts in the second part, 0 to 1
 * @param labelOf label by which items are in proportion
 */
export function splitByLabel<T extends SplitItem>(
  items: readonly T[],
  share: number,
  generator: Generator,
  labelOf: (item: T) => string = ({ label }) => label,
): [first: T[], second: T[]] {
  const keys = items.map(({ text }) => textKey(text));
  const clusterOf = clustersOf(items, keys, labelOf);
  const clusters = shuffled([...new Set(clusterOf.values())], generator);
  const wanted = quotas(clusters, share, generator);
  const chosen = new Set<Cluster>();
  for (const cluster of clusters.sort((a, b) => b.size - a.size)) {
    const gain = cluster.counts.reduce((sum, [label, count]) => {
      const left = wanted.get(label) ?? 0;
      return sum + Math.abs(left) - Math.abs(left - count);
    }, 0);
    if (gain <= 0 || chosen.size + 1 === clusters.length) continue;
    chosen.add(cluster);
    for (const [label, count] of cluster.counts) wanted.set(label, (wanted.get(label) ?? 0) - count);
  }
  const smallest = clusters.at(-1);
  // Where every group is larger than the share, the smallest is better than none.
  if (chosen.size === 0 && clusters.length > 1 && smallest && [...wanted.values()].some((count) => count > 0))
    chosen.add(smallest);
  return divided(items, (at) => chosen.has(clusterOf.get(keys[at]!)!));
}

/** The cluster of each text, by its key: texts that are equal or share a group, directly or through other texts. */
function clustersOf<T extends SplitItem>(
  items: readonly T[],
  keys: readonly string[],
  labelOf: (item: T) => string,
): Map<string, Cluster> {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
    for (let at = key; at !== root;) {
      const next = parents.get(at) ?? root;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  const firstOfGroup = new Map<string, string>();
  const labels = new Map<string, string[]>();
  for (const [at, item] of items.entries()) {
    const { group } = item;
    const key = keys[at]!;
    const label = labelOf(item);
    const known = labels.get(key);
    if (!known) labels.set(key, [label]);
    else if (!known.includes(label)) known.push(label);
    if (group === undefined) continue;
    if (!parents.has(key)) parents.set(key, key);
    const first = firstOfGroup.get(group);
    if (first === undefined) firstOfGroup.set(group, key);
    else parents.set(rootOf(key), rootOf(first));
  }
  // Most tables have no groups, and very many texts.
  if (parents.size === 0) return new Map(Array.from(labels, ([key, own]) => [key, { counts: countsOf(own), size: 1 }]));
  const texts = new Map<string, string[]>();
  for (const key of labels.keys()) {
    const root = rootOf(key);
    const known = texts.get(root);
    if (known) known.push(key);
    else texts.set(root, [key]);
  }
  const found = new Map<string, Cluster>();
  for (const own of texts.values()) {
    const counts = countsOf(own.flatMap((key) => labels.get(key)!));
    const cluster = { counts, size: own.length };
    for (const key of own) found.set(key, cluster);
  }
  return found;
}

function countsOf(labels: readonly string[]): Cluster['counts'] {
  if (labels.length === 1) return [[labels[0]!, 1]];
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts];
}

/** Number of distinct texts of each label in the second part: its share, rounded by the largest remainder. */
function quotas(clusters: readonly Cluster[], share: number, generator: Generator): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cluster of clusters)
    for (const [label, count] of cluster.counts) counts.set(label, (counts.get(label) ?? 0) + count);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const wanted = new Map([...counts].map(([label, count]) => [label, Math.floor(share * count)]));
  const rest = Math.round(share * all) - [...wanted.values()].reduce((sum, count) => sum + count, 0);
  // A label with a single text stays in the first part, because a model can only learn what it has seen.
  const byRemainder = shuffled([...counts], generator)
    .filter(([, count]) => count > 1 && (share * count) % 1 > 0)
    .sort(([, a], [, b]) => ((share * b) % 1) - ((share * a) % 1));
  for (const [label] of byRemainder.slice(0, rest)) wanted.set(label, (wanted.get(label) ?? 0) + 1);
  return wanted;
}

/** Splits labeled items as configured, with the groups of a table kept together. */
export function splitLabeled<T extends SplitItem>(
  items: readonly T[],
  { split, validationShare }: { readonly split: 'stratified' | 'random'; readonly validationShare: number },
  generator: Generator,
): [first: T[], second: T[]] {
  return split === 'random' && items.every(({ group }) => group === undefined)
    ? splitByText(items, validationShare, generator)
    : splitByLabel(items, validationShare, generator, split === 'random' ? () => '' : undefined);
}

/** Text of ASCII that is its own key, as most lower-cased texts are. */
const IS_KEY = /^[!-@[-~]+(?: [!-@[-~]+)*$/;

/** Returns a key that is equal for texts that differ only in case and white space. */
export function textKey(text: string): string {
  if (IS_KEY.test(text)) return text;
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** Returns a copy in random order (Fisher and Yates; Durstenfeld 1964). */
export function shuffled<T>(items: readonly T[], generator: Generator): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(generator.nextUniform() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
