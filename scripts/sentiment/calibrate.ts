import { type Calibration, probabilitiesOf, temperatureOf } from '../../src/sentiment/calibration.ts';

/** Prediction for a text that was not trained on. */
export interface Answered {
  readonly logits: readonly number[];
  readonly label: number;
  readonly words: number;
  /** Weight in the loss. */
  readonly weight: number;
}

/** Prediction of networks for a text, with the score of a linear classifier for the second of two classes. */
export interface Scored extends Answered {
  readonly score: number;
}

/** Candidates for the factor of the score. Larger ones fit reviews even better, but override the networks on negations. */
const FACTORS = Array.from({ length: 11 }, (_, index) => index / 4);

/**
 * Fits the factor by which a score is added to the log odds of two classes, together with the calibration of their sum.
 */
export function fitCombination(texts: readonly Scored[]): {
  readonly factor: number;
  readonly temperature: Calibration;
} {
  const candidates = FACTORS.map((factor) => {
    const sums = texts.map(({ logits: [first = 0, second = 0], score, ...rest }) => ({
      ...rest,
      logits: [first - (factor * score) / 2, second + (factor * score) / 2],
    }));
    const temperature = fitCalibration(sums);
    return { factor, temperature, value: loss(temperature, sums) };
  });
  return candidates.reduce((best, each) => (each.value < best.value ? each : best));
}

/** Number of search rounds; each halves the step size. */
const ROUNDS = 12;

/**
 * Fits the calibration that maximizes the likelihood of the true classes, by a coarse-to-fine search over its two
 * numbers.
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

/** Mean of -ln of the probability of the true class. */
function loss(calibration: Calibration, texts: readonly Answered[]): number {
  let sum = 0;
  for (const { logits, label, words, weight } of texts) {
    sum -= weight * Math.log(Math.max(1e-12, probabilitiesOf(logits, temperatureOf(calibration, words))[label]!));
  }
  return sum;
}
