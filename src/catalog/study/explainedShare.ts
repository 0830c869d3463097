/**
 * Share of the variance of the ranks of results that lies between groups, from 0 to 1: epsilon squared of a one-way
 * analysis of variance (Kelley 1935), the share between the groups less what groups of random results would have. Ranks,
 * because one diverged run would outweigh all others.
 *
 * @param groups results of each group
 * @returns null if no group has two results, or if all results are equal
 */
export function explainedShare(groups: readonly (readonly number[])[]): number | null {
  const sorted = groups.flat().sort((a, b) => a - b);
  const free = sorted.length - groups.length;
  const rankOf = ranksOf(sorted);
  const ranks = groups.map((group) => group.map((result) => rankOf.get(result) ?? 0));
  const total = squares(ranks.flat());
  if (free < 1 || total === 0) return null;
  const within = ranks.reduce((sum, group) => sum + squares(group), 0);
  const expected = ((groups.length - 1) * within) / free;
  return Math.min(1, Math.max(0, (total - within - expected) / total));
}

/** Places of the numbers among sorted ones; equal numbers have the mean of their places. */
function ranksOf(sorted: readonly number[]): ReadonlyMap<number, number> {
  const ranks = new Map<number, number>();
  let first = 0;
  while (first < sorted.length) {
    const value = sorted[first] ?? 0;
    let end = first + 1;
    while (sorted[end] === value) end++;
    ranks.set(value, (first + end - 1) / 2);
    first = end;
  }
  return ranks;
}

/** Sum of the squared differences from the mean. */
function squares(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
