/** Formats a probability in whole percent. Only 0 and 1 become "0 %" and "100 %". */
export function formatProbability(probability: number): string {
  if (probability > 0.99 && probability < 1) return '>99 %';
  if (probability < 0.01 && probability > 0) return '<1 %';
  return `${Math.round(100 * probability)} %`;
}

/** Lower bounds of the color strengths in nats of log odds. */
const THRESHOLDS = [0.15, 0.5, 1.2];

/** Number of color strengths for either sign. */
export const STRENGTHS = THRESHOLDS.length;

/** Strength of a word: 1 to `STRENGTHS` for the answer, -1 to -`STRENGTHS` against it, 0 if it hardly matters. */
export function strengthOf(contribution: number): number {
  const strength = THRESHOLDS.filter((threshold) => Math.abs(contribution) >= threshold).length;
  return contribution < 0 ? -strength : strength;
}
