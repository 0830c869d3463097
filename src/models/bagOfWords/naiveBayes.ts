import * as z from 'zod';
import { normalized } from '../logarithms.ts';
import type { SparseVector } from './bag.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { textOf } from '../../phrases/causes.ts';

const naiveBayesSchema = z
  .strictObject({
    version: z.literal(1),
    logPriors: z.array(z.number()).min(1),
    logLikelihoods: z.array(z.array(z.number())),
  })
  .refine(
    ({ logPriors, logLikelihoods }) =>
      logLikelihoods.length === logPriors.length &&
      logLikelihoods.every((row) => row.length === logLikelihoods[0]?.length),
    { error: 'every class must have a row of log likelihoods, all of the same length' },
  );

type NaiveBayesJson = z.output<typeof naiveBayesSchema>;

export interface NaiveBayesOptions {
  readonly classes: number;
  /** Width of the vectors. */
  readonly columns: number;
  /** Added to every count; above 0. */
  readonly smoothing: number;
}

/**
 * Multinomial naive Bayes (McCallum and Nigam 1998): the words of a text are independent given its class, so
 * `P(class | text)` is proportional to `P(class) prod_w P(w | class)^count(w)`.
 */
export class NaiveBayes {
  /** `ln P(class)`. */
  readonly #logPriors: readonly number[];
  /** `ln P(w | class)`, `[classes][columns]`. */
  readonly #logLikelihoods: readonly Float64Array[];

  private constructor(logPriors: readonly number[], logLikelihoods: readonly Float64Array[]) {
    this.#logPriors = logPriors;
    this.#logLikelihoods = logLikelihoods;
  }

  /**
   * @param labels class of each vector
   * @throws RangeError for a class without a vector, a label outside the classes or a smoothing that is not above 0
   */
  static fit(
    vectors: readonly SparseVector[],
    labels: ArrayLike<number>,
    { classes, columns, smoothing }: NaiveBayesOptions,
  ): NaiveBayes {
    if (!(smoothing > 0)) throw new RangeError(`The smoothing of naive Bayes must be above 0; it is ${smoothing}.`);
    const texts = new Float64Array(classes);
    const words = Array.from({ length: classes }, () => new Float64Array(columns).fill(smoothing));
    vectors.forEach((vector, index) => {
      const label = labels[index] ?? NaN;
      const row = words[label];
      if (!row) throw new RangeError(`Text ${index} has label ${label}; the classes are 0 to ${classes - 1}.`);
      texts[label] = texts[label]! + 1;
      vector.columns.forEach((column, at) => (row[column] = row[column]! + vector.values[at]!));
    });
    const empty = texts.indexOf(0);
    if (empty >= 0) throw new RangeError(`Class ${empty} has no training text.`);
    return new NaiveBayes(
      Array.from(texts, (count) => Math.log(count / vectors.length)),
      words.map((row) => {
        const total = row.reduce((sum, count) => sum + count, 0);
        return row.map((count) => Math.log(count / total));
      }),
    );
  }

  /** Restores a classifier from the output of `toJSON`. @throws Error that names the invalid part */
  static fromJSON(json: unknown): NaiveBayes {
    const result = naiveBayesSchema.safeParse(json);
    if (!result.success)
      throw new PhrasedError(phrase('This is not a naive Bayes classifier of Sequence Lab. {0}', textOf(result.error)));
    const { logPriors, logLikelihoods } = result.data;
    return new NaiveBayes(
      logPriors,
      logLikelihoods.map((row) => Float64Array.from(row)),
    );
  }

  /** `P(class | text)`, `[classes]`. */
  probabilities({ columns, values }: SparseVector): Float64Array {
    const joint = this.#logLikelihoods.map((row, label) =>
      columns.reduce((sum, column, at) => sum + values[at]! * row[column]!, this.#logPriors[label]!),
    );
    return normalized(Float64Array.from(joint));
  }

  toJSON(): NaiveBayesJson {
    return { version: 1, logPriors: [...this.#logPriors], logLikelihoods: this.#logLikelihoods.map((row) => [...row]) };
  }
}
