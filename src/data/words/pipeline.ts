import { countWords, type VocabularyLimits, vocabularyOf } from './frequentWords.ts';
import { wordsOf } from './segments.ts';
import type { WordVocabulary } from './vocabulary.ts';

/** The way of texts into a network, step by step, to be looked at. */
export interface WordPipeline {
  /** The words of each text. */
  readonly words: readonly (readonly string[])[];
  readonly counts: ReadonlyMap<string, number>;
  readonly vocabulary: WordVocabulary;
  /** One id for each word of each text. */
  readonly ids: readonly Int32Array[];
  /** Words of the longest text. */
  readonly timeSteps: number;
  /** `[texts, timeSteps]`: the ids, with `<pad>` to the right of the shorter texts. */
  readonly padded: Int32Array;
}

/** Cuts texts into words, gives the words numbers and makes all texts equally long. */
export function wordPipeline(texts: readonly string[], limits: VocabularyLimits = {}): WordPipeline {
  const words = texts.map(wordsOf);
  const counts = countWords(words);
  const vocabulary = vocabularyOf(counts, limits);
  const ids = words.map((text) => Int32Array.from(text, (word) => vocabulary.idOf(word)));
  const timeSteps = ids.reduce((longest, { length }) => Math.max(longest, length), 0);
  const padded = new Int32Array(texts.length * timeSteps).fill(vocabulary.paddingId);
  ids.forEach((row, text) => padded.set(row, text * timeSteps));
  return { words, counts, vocabulary, ids, timeSteps, padded };
}

/**
 * Each id as a vector that is 1 in its place and 0 elsewhere, `[ids, size]`. @throws RangeError for an id without a
 * place
 */
export function oneHot(ids: ArrayLike<number>, size: number): Float32Array {
  const vectors = new Float32Array(ids.length * size);
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at]!;
    if (!(id >= 0 && id < size)) throw new RangeError(`Id ${id} has no place in a vector of ${size}.`);
    vectors[at * size + id] = 1;
  }
  return vectors;
}
