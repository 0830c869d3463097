import { type Calibration, probabilitiesOf, temperatureOf } from '../../src/sentiment/calibration.ts';

/** A text that was not trained on. */
export interface Answered {
  readonly logits: readonly number[];
  readonly label: number;
  readonly words: number;
  /** How much it counts. */
  readonly weight: number;
}

/** Rounds of the search; each halves the distance at which it looks around. */
const ROUNDS = 12;

/**
 * The calibration under which the right classes of texts are likeliest: a search of its two numbers from coarse to
 * fine.
 */
export function fitCalibration(texts: readonly Answered[]): Calibration {
  let best: Calibration = { base: 0, perLogWord: 0 };
  let least = loss(best, texts);
  for (let round = 0, distance = 1; round < ROUNDS; round++, distance /= 2) {
    const { base, perLogWord } = best;
    for (const x of [-2, -1, 0, 1, 2]) {
      for (const y of [-2, -1, 0, 1, 2]) {
        const candidate = { base: base + x * distance, perLogWord: perLogWord + (y * distance) / 3 };
        const value = loss(candidate, texts);
        if (value < least) [best, least] = [candidate, value];
      }
    }
  }
  return best;
}

/** Mean of -ln of the probability of the right class. */
function loss(calibration: Calibration, texts: readonly Answered[]): number {
  let sum = 0;
  for (const { logits, label, words, weight } of texts) {
    sum -= weight * Math.log(Math.max(1e-12, probabilitiesOf(logits, temperatureOf(calibration, words))[label]!));
  }
  return sum;
}
