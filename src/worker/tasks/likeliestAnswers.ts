import type { Prediction } from '../../protocol/inspection.ts';

/** The most likely classes or labels, the most likely first. @param probabilities of the labels, in their order */
export function likeliestAnswers(
  labels: readonly string[],
  probabilities: ArrayLike<number>,
  most: number,
): Prediction[] {
  return labels
    .map((token, index) => ({ token, probability: probabilities[index] ?? 0 }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, most);
}
