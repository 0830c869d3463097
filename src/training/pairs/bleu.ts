/** Maximum length of the compared n-grams. */
const LONGEST = 4;

/**
 * Corpus BLEU of translations with one reference each (Papineni et al. 2002): geometric mean of the n-gram precisions
 * for n from 1 to 4, times a brevity penalty. From 0 to 1; 0 if no 4-gram matches.
 */
export function bleu(translations: readonly (readonly string[])[], references: readonly (readonly string[])[]): number {
  const [right, all] = [new Array<number>(LONGEST).fill(0), new Array<number>(LONGEST).fill(0)];
  let [written, expected] = [0, 0];
  translations.forEach((translation, index) => {
    const reference = references[index] ?? [];
    written += translation.length;
    expected += reference.length;
    for (let n = 1; n <= LONGEST; n++) {
      const known = countRuns(reference, n);
      for (const [run, count] of countRuns(translation, n)) {
        all[n - 1] = all[n - 1]! + count;
        right[n - 1] = right[n - 1]! + Math.min(count, known.get(run) ?? 0);
      }
    }
  });
  if (written === 0) return 0;
  const meanLog = right.reduce((sum, count, at) => sum + Math.log(count / Math.max(1, all[at]!)), 0) / LONGEST;
  return Math.exp(Math.min(0, 1 - expected / written) + meanLog);
}

function countRuns(tokens: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= tokens.length; at++) {
    const run = JSON.stringify(tokens.slice(at, at + n));
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}
