import type { Generator } from '../random/generator.ts';

/** Draws an index with the probabilities given, which sum to one; one of probability zero is never drawn. */
export function drawIndex(probabilities: Float64Array, generator: Generator): number {
  let rest = generator.nextUniform();
  let last = 0;
  for (const [index, probability] of probabilities.entries()) {
    if (probability === 0) continue;
    rest -= probability;
    last = index;
    if (rest < 0) break;
  }
  return last;
}
