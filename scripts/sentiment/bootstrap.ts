import type { Generator } from '../../src/random/generator.ts';

/** Difference in accuracy of two classifiers on the same texts. */
export interface PairedDifference {
  /** Accuracy of the first minus that of the second. */
  readonly difference: number;
  /** Bounds of the 95 % interval of the differences on resampled texts. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 10_000;

/**
 * Paired bootstrap (Berg-Kirkpatrick et al. 2012): compares both classifiers on texts sampled with replacement.
 * @param first correctness of the first classifier for each text
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
