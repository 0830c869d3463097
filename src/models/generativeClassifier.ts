import { normalized } from './logarithms.ts';

/** A model that says how likely a sequence is: a hidden Markov model, n-gram counts. */
export interface SequenceDensity {
  /** `ln p(sequence)` in nats. */
  logLikelihood(sequence: ArrayLike<number>): number;
}

/**
 * Classifies sequences by one model a class and Bayes' rule: `P(class | x)` is proportional to `P(class) p(x | class)`,
 * where `P(class)` is the class's share of the training sequences.
 */
export class GenerativeClassifier {
  readonly #densities: readonly SequenceDensity[];
  readonly #logPriors: readonly number[];

  /**
   * @param densities one for each class
   * @param classCounts how many training sequences each class has
   * @throws RangeError if there is not one of each
   */
  constructor(densities: readonly SequenceDensity[], classCounts: readonly number[]) {
    if (densities.length === 0 || densities.length !== classCounts.length) {
      throw new RangeError(
        `${densities.length} models cannot tell ${classCounts.length} classes apart: one each is needed.`,
      );
    }
    const total = classCounts.reduce((sum, count) => sum + count, 0);
    this.#densities = densities;
    this.#logPriors = classCounts.map((count) => Math.log(count / total));
  }

  /**
   * `P(class | sequence)`, `[classes]`.
   * @throws RangeError for a sequence that no class could have
   */
  probabilities(sequence: ArrayLike<number>): Float64Array {
    const joint = Float64Array.from(
      this.#densities,
      (density, index) => this.#logPriors[index]! + density.logLikelihood(sequence),
    );
    if (joint.every((weight) => weight === -Infinity)) {
      throw new RangeError('No class gives this sequence a probability above zero. Train with smoothing above 0.');
    }
    return normalized(joint);
  }
}
