import { shuffled } from '../../../../src/data/labeled/split.ts';
import type { Generator } from '../../../../src/random/generator.ts';

/** Splits by label and by text with objects and maps for every text, which large tables have no memory for. */

interface Item {
  readonly text: string;
  readonly label: string;
  readonly group?: string | undefined;
}

interface Cluster {
  readonly keys: Set<string>;
  readonly counts: Map<string, number>;
}

export function keyOf({ text }: Pick<Item, 'text'>): string {
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** The items of the second part. */
export function heldOutByText<T extends Item>(items: readonly T[], share: number, generator: Generator): Set<T> {
  const keys = shuffled([...new Set(items.map(keyOf))], generator);
  const chosen = new Set(keys.slice(0, Math.round(share * keys.length)));
  return new Set(items.filter((item) => chosen.has(keyOf(item))));
}

/** The items of the second part. */
export function heldOutByLabel<T extends Item>(items: readonly T[], share: number, generator: Generator): Set<T> {
  const clusters = shuffled(clustersOf(items), generator);
  const wanted = quotas(clusters, share, generator);
  const chosen = new Set<Cluster>();
  const bySize = [...clusters].sort((a, b) => b.keys.size - a.keys.size);
  for (const cluster of bySize) {
    let gain = 0;
    for (const [label, count] of cluster.counts) {
      const left = wanted.get(label) ?? 0;
      gain += Math.abs(left) - Math.abs(left - count);
    }
    if (gain <= 0 || chosen.size + 1 === clusters.length) continue;
    chosen.add(cluster);
    for (const [label, count] of cluster.counts) wanted.set(label, (wanted.get(label) ?? 0) - count);
  }
  const smallest = bySize.at(-1);
  if (chosen.size === 0 && clusters.length > 1 && smallest && [...wanted.values()].some((count) => count > 0))
    chosen.add(smallest);
  return new Set(items.filter((item) => [...chosen].some(({ keys }) => keys.has(keyOf(item)))));
}

/** Merges the texts that are equal or share a group, until nothing changes. */
function clustersOf(items: readonly Item[]): Cluster[] {
  const ids = new Map<string, number>();
  for (const item of items) ids.set(keyOf(item), ids.get(keyOf(item)) ?? ids.size);
  for (let changed = true; changed;) {
    changed = false;
    const lowest = new Map<string, number>();
    for (const { group, ...item } of items) {
      if (group === undefined) continue;
      const own = Math.min(lowest.get(group) ?? Infinity, ids.get(keyOf(item))!);
      lowest.set(group, own);
    }
    for (const { group, ...item } of items) {
      const own = group === undefined ? Infinity : lowest.get(group)!;
      if (own >= ids.get(keyOf(item))!) continue;
      ids.set(keyOf(item), own);
      changed = true;
    }
  }
  const labels = new Map<string, Set<string>>();
  for (const item of items) labels.set(keyOf(item), (labels.get(keyOf(item)) ?? new Set()).add(item.label));
  const clusters = new Map<number, Cluster>();
  for (const [key, id] of ids) {
    const cluster = clusters.get(id) ?? { keys: new Set(), counts: new Map<string, number>() };
    clusters.set(id, cluster);
    cluster.keys.add(key);
    for (const label of labels.get(key) ?? []) cluster.counts.set(label, (cluster.counts.get(label) ?? 0) + 1);
  }
  return [...clusters.values()];
}

function quotas(clusters: readonly Cluster[], share: number, generator: Generator): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cluster of clusters)
    for (const [label, count] of cluster.counts) counts.set(label, (counts.get(label) ?? 0) + count);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const wanted = new Map([...counts].map(([label, count]) => [label, Math.floor(share * count)]));
  const rest = Math.round(share * all) - [...wanted.values()].reduce((sum, count) => sum + count, 0);
  const byRemainder = shuffled([...counts], generator)
    .filter(([, count]) => count > 1 && (share * count) % 1 > 0)
    .sort(([, a], [, b]) => ((share * b) % 1) - ((share * a) % 1));
  for (const [label] of byRemainder.slice(0, rest)) wanted.set(label, (wanted.get(label) ?? 0) + 1);
  return wanted;
}
