/**
 * Temperature scaling (Guo et al. 2017) with a temperature that depends on the length of the text. Short texts are
 * easier, so a single temperature would be overconfident for some lengths and underconfident for others.
 */
export interface Calibration {
  /** ln of the temperature at ln(words) = 0. */
  readonly base: number;
  /** Change of that logarithm per unit of ln(words). */
  readonly perLogWord: number;
}

/** Texts with fewer words use the temperature of this length: there are too few of them to fit one. */
const FEWEST_WORDS = 6;

/**
 * Temperature for a text.
 * @param words number of words, punctuation marks included
 */
export function temperatureOf({ base, perLogWord }: Calibration, words: number): number {
  return Math.exp(base + perLogWord * Math.log(Math.max(FEWEST_WORDS, words)));
}

/** Softmax of the logits divided by a temperature. */
export function probabilitiesOf(logits: readonly number[], temperature: number): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Log odds ln(p / (1 - p)) of a class, where p is its softmax probability. */
export function logOddsOf(logits: readonly number[], label: number): number {
  const others = logits.filter((_, index) => index !== label);
  const highest = Math.max(...others);
  return logits[label]! - highest - Math.log(others.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
}
