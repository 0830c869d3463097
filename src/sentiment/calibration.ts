/**
 * Divides logits before the softmax, so that probabilities are the shares of right answers (Guo et al. 2017), by a
 * temperature that grows or falls with the length of the text: short ones are easier, and one temperature for all
 * would make the model too sure of some and not sure enough of others.
 */
export interface Calibration {
  /** ln of the temperature where ln(words) is 0. */
  readonly base: number;
  /** What each unit of ln(words) adds to it. */
  readonly perLogWord: number;
}

/** Shorter texts are taken to have so many words: there are too few of them to fit anything on. */
const FEWEST_WORDS = 6;

/** @param words of the text, with punctuation marks */
export function temperatureOf({ base, perLogWord }: Calibration, words: number): number {
  return Math.exp(base + perLogWord * Math.log(Math.max(FEWEST_WORDS, words)));
}

/** Softmax of logits over a temperature. */
export function probabilitiesOf(logits: readonly number[], temperature: number): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
