import { tokenizeWords } from '../../src/data/words/tokenizer.ts';
import { bagOfWords, type SparseVector } from '../../src/models/bagOfWords/bag.ts';
import { FeedForward } from '../../src/models/bagOfWords/feedForward.ts';
import { fitNetwork } from '../../src/models/bagOfWords/fit.ts';
import { NaiveBayes } from '../../src/models/bagOfWords/naiveBayes.ts';
import { minimize } from '../../src/models/lbfgs.ts';
import { Generator } from '../../src/random/generator.ts';
import type { Example } from './trainingData.ts';

/** Returns the class of each text: 1 positive, 0 negative. */
export type Baseline = (texts: readonly string[]) => number[];

const ITERATIONS = 60;

/** Trains classifiers without word vectors and recurrence on the same data, for comparison. */
export function trainBaselines(examples: readonly Example[]): Readonly<Record<string, Baseline>> {
  return {
    'bag of words, logistic regression': logisticRegression(examples),
    'bigrams, naive Bayes': naiveBayes(examples),
    'NBSVM, unigrams and bigrams': nbsvm(examples),
  };
}

function logisticRegression(examples: readonly Example[]): Baseline {
  const features = new Features(examples, unigrams);
  const start = FeedForward.initial(
    { columns: features.columns, hiddenUnits: 0, classes: 2 },
    Generator.forPurpose(1, 'unused'),
  );
  let network = start;
  let iterations = 0;
  for (const step of fitNetwork(start, features.ofExamples, labelsOf(examples), 1 / examples.length)) {
    network = step.network;
    if (++iterations > ITERATIONS) break;
  }
  return (texts) => texts.map((text) => likelier(network.probabilities(features.of(text))));
}

function naiveBayes(examples: readonly Example[]): Baseline {
  const features = new Features(examples, unigramsAndBigrams);
  const model = NaiveBayes.fit(features.ofExamples, labelsOf(examples), {
    classes: 2,
    columns: features.columns,
    smoothing: 1,
  });
  return (texts) => texts.map((text) => likelier(model.probabilities(features.of(text))));
}

/**
 * Cost of the support vector machine (best of 0.1 and 1), and the interpolation of its weights (best of 0.25, 0.5, 1).
 */
const COST = 0.1;
const INTERPOLATION = 0.5;

/** Linear classifier on the presence of unigrams and bigrams. */
export interface Nbsvm {
  readonly bias: number;
  /** Weight of each feature, a word or two words with a space between, for the positive class. */
  readonly weights: ReadonlyMap<string, number>;
}

function nbsvm(examples: readonly Example[]): Baseline {
  const { bias, weights } = fitNbsvm(examples);
  return (texts) =>
    texts.map((text) => {
      const features = Array.from(new Set(unigramsAndBigrams(text)));
      return Number(features.reduce((sum, feature) => sum + (weights.get(feature) ?? 0), bias) > 0);
    });
}

/**
 * NBSVM (Wang and Manning 2012): a linear support vector machine on binary features scaled by their naive Bayes
 * log-count ratios, with the weights interpolated toward their mean magnitude.
 */
export function fitNbsvm(examples: readonly Example[]): Nbsvm {
  const features = new Features(examples, unigramsAndBigrams);
  const vectors = features.ofExamples.map(binary);
  const signs = examples.map(({ label }) => (label === 1 ? 1 : -1));
  const ratio = logCountRatio(vectors, examples, features.columns);
  const scaled = vectors.map(({ columns }) => ({
    columns,
    values: Float64Array.from(columns, (column) => ratio[column]!),
  }));
  const objective = (point: Float64Array) => squaredHinge(point, scaled, signs);
  let weights = new Float64Array(features.columns + 1);
  let iterations = 0;
  for (const { point } of minimize(objective, weights)) {
    weights = Float64Array.from(point);
    if (++iterations > ITERATIONS) break;
  }
  const mean = weights.subarray(0, -1).reduce((sum, weight) => sum + Math.abs(weight), 0) / features.columns;
  const drawn = weights.map((weight, index) =>
    index < features.columns ? (1 - INTERPOLATION) * mean + INTERPOLATION * weight : weight,
  );
  return {
    bias: drawn[features.columns]!,
    weights: new Map(features.names.map((name, column) => [name, drawn[column]! * ratio[column]!])),
  };
}

/**
 * |w|^2 / 2 plus the cost times the sum over texts of max(0, 1 - margin)^2, and its gradient; the bias is the last
 * entry and is not penalized.
 */
function squaredHinge(
  point: Float64Array,
  vectors: readonly SparseVector[],
  signs: readonly number[],
): { value: number; gradient: Float64Array } {
  const bias = point.length - 1;
  const gradient = point.map((weight, index) => (index < bias ? weight : 0));
  let value = point.reduce((sum, weight, index) => sum + (index < bias ? weight ** 2 / 2 : 0), 0);
  vectors.forEach(({ columns, values }, index) => {
    const sign = signs[index]!;
    const score = columns.reduce((sum, column, at) => sum + point[column]! * values[at]!, point[bias]!);
    const missing = 1 - sign * score;
    if (missing <= 0) return;
    value += COST * missing ** 2;
    columns.forEach((column, at) => (gradient[column] = gradient[column]! - 2 * COST * missing * sign * values[at]!));
    gradient[bias] = gradient[bias]! - 2 * COST * missing * sign;
  });
  return { value, gradient };
}

/** ln of the ratio of a feature's frequency in positive texts to that in negative texts. */
function logCountRatio(vectors: readonly SparseVector[], examples: readonly Example[], columns: number): Float64Array {
  const counts = [new Float64Array(columns).fill(1), new Float64Array(columns).fill(1)] as const;
  vectors.forEach(({ columns: present }, index) => {
    const own = counts[examples[index]?.label === 1 ? 1 : 0];
    for (const column of present) own[column] = own[column]! + 1;
  });
  const [negative, positive] = counts.map((row) => row.reduce((sum, count) => sum + count, 0)) as [number, number];
  return counts[1].map((count, column) => Math.log(count / positive / (counts[0][column]! / negative)));
}

/** Feature ids of the training texts; id 0 is an unknown feature. */
class Features {
  readonly columns: number;
  readonly ofExamples: readonly SparseVector[];
  readonly #ids = new Map<string, number>();
  readonly #cut: (text: string) => string[];

  constructor(examples: readonly Example[], cut: (text: string) => string[]) {
    this.#cut = cut;
    for (const { text } of examples)
      for (const feature of cut(text)) if (!this.#ids.has(feature)) this.#ids.set(feature, this.#ids.size + 1);
    this.columns = this.#ids.size;
    this.ofExamples = examples.map(({ text }) => this.of(text));
  }

  /** The features in the order of their columns. */
  get names(): string[] {
    return [...this.#ids.keys()];
  }

  of(text: string): SparseVector {
    return bagOfWords(
      this.#cut(text).map((feature) => this.#ids.get(feature) ?? 0),
      this.columns,
    );
  }
}

function unigrams(text: string): string[] {
  return tokenizeWords(text).map(({ form }) => form);
}

function unigramsAndBigrams(text: string): string[] {
  const forms = unigrams(text);
  return [...forms, ...forms.slice(1).map((form, index) => `${forms[index] ?? ''} ${form}`)];
}

function binary({ columns }: SparseVector): SparseVector {
  return { columns, values: new Float64Array(columns.length).fill(1) };
}

function labelsOf(examples: readonly Example[]): number[] {
  return examples.map(({ label }) => label);
}

function likelier([negative = 0, positive = 0]: Float64Array): number {
  return Number(positive > negative);
}
