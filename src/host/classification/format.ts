/** A probability in whole percent; what is not certain is never called so. */
export function formatProbability(probability: number): string {
  if (probability > 0.99 && probability < 1) return '>99 %';
  if (probability < 0.01 && probability > 0) return '<1 %';
  return `${Math.round(100 * probability)} %`;
}

/** Nats of log odds from which on a word is colored a little, more, and most. */
const THRESHOLDS = [0.15, 0.5, 1.2];

/** Strengths of color on each side. */
export const STRENGTHS = THRESHOLDS.length;

/** How strongly a word speaks for the answer, from 1 to `STRENGTHS`, or against it, from -1 down; 0: hardly at all. */
export function strengthOf(contribution: number): number {
  const strength = THRESHOLDS.filter((threshold) => Math.abs(contribution) >= threshold).length;
  return contribution < 0 ? -strength : strength;
}
