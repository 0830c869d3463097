import type { ChangedLines } from '../protocol/difference.ts';

/** Largest number of changes that is counted exactly among lines that both texts have: its square bounds the work. */
const MOST_CHANGES = 2000;

/**
 * Counts the lines to remove from a text and to add to it to get another one: the fewest possible, after Myers, "An
 * O(ND) difference algorithm and its variations" (1986). Line ends are not compared.
 *
 * If more than `mostChanges` of the lines that both texts have are moved, the counts are lower bounds: lines without
 * regard to their order.
 */
export function changedLines(before: string, after: string, mostChanges = MOST_CHANGES): ChangedLines {
  const [old, now] = withoutEqualEnds(linesOf(before), linesOf(after));
  const [oldKinds, nowKinds] = [new Set(old), new Set(now)];
  const [kept, found] = [old.filter((line) => nowKinds.has(line)), now.filter((line) => oldKinds.has(line))];
  const distance = editDistance(kept, found, mostChanges);
  // A distance counts both kinds of changes; their difference follows from the numbers of lines.
  const removed = distance === undefined ? surplus(kept, found) : (distance + kept.length - found.length) / 2;
  return {
    removed: old.length - kept.length + removed,
    added: now.length - found.length + removed + found.length - kept.length,
    exact: distance !== undefined,
  };
}

/** Lines without their ends; the text after the last line end is one if it is not empty. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r\n?|\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function withoutEqualEnds(a: readonly string[], b: readonly string[]): [string[], string[]] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/** Number of lines of `a` for which `b` has no equal one, without regard to their order. */
function surplus(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of b) counts.set(line, (counts.get(line) ?? 0) + 1);
  return a.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  }).length;
}

/** Number of lines to remove and to add; undefined if it is more than `most`. */
function editDistance(a: readonly string[], b: readonly string[], most: number): number | undefined {
  // For each diagonal (place in `a` minus place in `b`), the furthest place in `a` that a number of changes reaches.
  const furthest = new Map([[1, 0]]);
  for (let changes = 0; changes <= Math.min(most, a.length + b.length); changes++) {
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const [added, removed] = [furthest.get(diagonal + 1) ?? -1, (furthest.get(diagonal - 1) ?? -1) + 1];
      let place = diagonal === -changes || (diagonal !== changes && removed <= added) ? added : removed;
      while (place < a.length && place - diagonal < b.length && a[place] === b[place - diagonal]) place++;
      if (place >= a.length && place - diagonal >= b.length) return changes;
      furthest.set(diagonal, place);
    }
  }
  return undefined;
}
