import { normalized } from './logarithms.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** Model of the probability of a sequence, such as a hidden Markov model. */
export interface SequenceDensity {
  /** `ln p(sequence)` in nats. */
  logLikelihood(sequence: ArrayLike<number>): number;
}

/**
 * Classifies sequences with one density model per class and Bayes' rule: `P(class | x)` is proportional to
 * `P(class) p(x | class)`, where `P(class)` is the fraction of training sequences in the class.
 */
export class GenerativeClassifier {
  readonly #densities: readonly SequenceDensity[];
  readonly #logPriors: readonly number[];

  /**
   * @param densities one for each class
   * @param classCounts number of training sequences of each class
   * @throws RangeError if there are no classes or the two differ in length
   */
  constructor(densities: readonly SequenceDensity[], classCounts: readonly number[]) {
    if (densities.length === 0 || densities.length !== classCounts.length) {
      throw new RangeError(
        `${densities.length} models do not match ${classCounts.length} classes; one model per class is needed.`,
      );
    }
    const total = classCounts.reduce((sum, count) => sum + count, 0);
    this.#densities = densities;
    this.#logPriors = classCounts.map((count) => Math.log(count / total));
  }

  /**
   * `P(class | sequence)`, `[classes]`.
   * @throws RangeError for a sequence that has probability zero under every class
   */
  probabilities(sequence: ArrayLike<number>): Float64Array {
    const joint = Float64Array.from(
      this.#densities,
      (density, index) => this.#logPriors[index]! + density.logLikelihood(sequence),
    );
    if (joint.every((weight) => weight === -Infinity)) {
      throw new PhrasedError(
        phrase('This sequence has probability zero under every class. Train with smoothing above 0.'),
      );
    }
    return normalized(joint);
  }
}
