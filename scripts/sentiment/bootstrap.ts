import type { Generator } from '../../src/random/generator.ts';

/** How much better one classifier is than another on the same texts. */
export interface PairedDifference {
  /** Accuracy of the first minus that of the second. */
  readonly difference: number;
  /** Between these lie 95 % of the differences on resampled texts. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 10_000;

/**
 * Paired bootstrap (Berg-Kirkpatrick et al. 2012): texts are drawn with replacement, and both classifiers are compared
 * on what was drawn.
 * @param first whether the first classifier is right, text by text
 */
export function pairedBootstrap(
  first: readonly boolean[],
  second: readonly boolean[],
  generator: Generator,
): PairedDifference {
  const gains = first.map((right, index) => Number(right) - Number(second[index]));
  const n = gains.length;
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += gains[Math.floor(generator.nextUniform() * n)]!;
    return sum / n;
  }).sort((a, b) => a - b);
  const at = (share: number): number => means[Math.floor(share * (RESAMPLES - 1))]!;
  return { difference: gains.reduce((sum, gain) => sum + gain, 0) / n, low: at(0.025), high: at(0.975) };
}
