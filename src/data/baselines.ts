import { yieldToEventLoop } from '../platform/system.ts';
import { createPairCounts, type PairCounts } from './pairCounts.ts';
import type { TokenSequence } from './tokenSequence.ts';

/** Mean losses in nats per character of models that need no training; a network should be better. */
export interface BaselineLosses {
  /** `ln V`: all V characters of the vocabulary are equally likely. */
  readonly uniform: number;
  readonly unigram: number;
  readonly bigram: number;
}

/**
 * Smoothed unigram and bigram models. Both assign every token of the vocabulary, including `<unk>`, a probability above
 * zero, and the probabilities in each context sum to one.
 *
 * Unigram, add-one (Laplace): `p(c) = (n(c) + 1) / (N + V)`.
 *
 * Bigram, interpolated with the unigram after Witten and Bell (1991, method C; see Chen and
 * Goodman 1998): `p(c|a) = (n(a,c) + D(a) p(c)) / (n(a) + D(a))`, where D(a) is the number of different
 * characters that followed a. It has no parameter to tune, and a context that never occurred falls back
 * to the unigram.
 */
export class Baselines {
  readonly vocabularySize: number;
  readonly #unigram: Float64Array;
  /** `ln p(c)`: a logarithm for each token of the vocabulary, and not for each of the text. */
  readonly #logUnigram: Float64Array;
  readonly #pairs: PairCounts;
  /** n(a) */
  readonly #followers: Float64Array;
  /** D(a) */
  readonly #distinctFollowers: Float64Array;

  /** @param counts n(c) for each token of the vocabulary */
  constructor(counts: Float64Array, pairs: PairCounts) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    this.vocabularySize = counts.length;
    this.#unigram = counts.map((count) => (count + 1) / (total + counts.length));
    this.#logUnigram = this.#unigram.map(Math.log);
    this.#pairs = pairs;
    this.#followers = new Float64Array(counts.length);
    this.#distinctFollowers = new Float64Array(counts.length);
    pairs.forEach((first, count) => {
      this.#followers[first] = this.#followers[first]! + count;
      this.#distinctFollowers[first] = this.#distinctFollowers[first]! + 1;
    });
  }

  unigramProbability(token: number): number {
    return this.#unigram[token]!;
  }

  bigramProbability(previous: number, token: number): number {
    const unigram = this.unigramProbability(token);
    const followers = this.#followers[previous]!;
    const distinct = this.#distinctFollowers[previous]!;
    if (followers === 0) return unigram;
    return (this.#pairs.get(previous, token) + distinct * unigram) / (followers + distinct);
  }

  /**
   * Scores every character of each document except its first, like the evaluation of a network.
   * @throws RangeError without a document of two characters; the signal's reason if it is aborted
   */
  async score(
    documents: readonly TokenSequence[],
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<BaselineLosses> {
    const scored = documents.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0);
    if (scored === 0) throw new RangeError('At least two characters are needed to score a text.');
    let unigram = 0;
    let bigram = 0;
    for (const text of documents.filter(({ length }) => length > 1)) {
      let previous = text.at(0);
      for (const block of text.view(1).blocks()) {
        for (const token of block) {
          unigram -= this.#logUnigram[token]!;
          bigram -= Math.log(this.bigramProbability(previous, token));
          previous = token;
        }
        await yieldToEventLoop(signal);
      }
    }
    return { uniform: Math.log(this.vocabularySize), unigram: unigram / scored, bigram: bigram / scored };
  }
}

/**
 * Counts characters and pairs of characters in the documents of the training part, in bounded memory for any vocabulary
 * size.
 * @throws RangeError for an empty text; the signal's reason if it is aborted
 */
export async function fitBaselines(
  train: readonly TokenSequence[],
  vocabularySize: number,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Baselines> {
  const counts = new Float64Array(vocabularySize);
  const pairs = createPairCounts(vocabularySize);
  for (const text of train) {
    let previous = text.at(0);
    counts[previous] = counts[previous]! + 1;
    for (const block of text.view(1).blocks()) {
      for (const token of block) {
        counts[token] = counts[token]! + 1;
        pairs.add(previous, token);
        previous = token;
      }
      await yieldToEventLoop(signal);
    }
  }
  return new Baselines(counts, pairs);
}
