import { countWords, type VocabularyLimits, vocabularyOf } from './frequentWords.ts';
import { wordsOf } from './segments.ts';
import type { WordVocabulary } from './vocabulary.ts';

/** Intermediate results of converting texts to the input of a network, for display. */
export interface WordPipeline {
  /** Words of each text. */
  readonly words: readonly (readonly string[])[];
  readonly counts: ReadonlyMap<string, number>;
  readonly vocabulary: WordVocabulary;
  /** Ids of the words of each text. */
  readonly ids: readonly Int32Array[];
  /** Number of words in the longest text. */
  readonly timeSteps: number;
  /** Ids `[texts, timeSteps]`, with `<pad>` at the end of shorter texts. */
  readonly padded: Int32Array;
}

/** Splits texts into words, converts the words to ids and pads the texts to the same length. */
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
 * Returns one-hot vectors of ids, `[ids, size]`. @throws RangeError for an id that is not below `size`
 */
export function oneHot(ids: ArrayLike<number>, size: number): Float32Array {
  const vectors = new Float32Array(ids.length * size);
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at]!;
    if (!(id >= 0 && id < size)) throw new RangeError(`Id ${id} is outside of a one-hot vector of size ${size}.`);
    vectors[at * size + id] = 1;
  }
  return vectors;
}
