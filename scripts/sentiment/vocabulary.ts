import { tokenizeWords } from '../../src/data/words/tokenizer.ts';
import { WordVocabulary } from '../../src/data/words/vocabulary.ts';
import { DIMENSIONS, type WordVectors } from './wordVectors.ts';

/** Maximum vocabulary of the bundled model, limited by its size on disk. */
const MAX_WORDS = 60_000;
/** Minimum count of a word without a pretrained vector, so that training can learn its vector. */
const MIN_COUNT = 3;

/** Vocabulary of a model with pretrained vectors. */
export interface PretrainedVocabulary {
  /** `<unk>`, the words of the training texts, the most frequent first, `<pad>`. */
  readonly training: WordVocabulary;
  /** Number of training words that occur more than once. */
  readonly repeated: number;
  /** `[training.size, DIMENSIONS]`; zeros for words without a pretrained vector. */
  readonly pretrained: Float32Array;
  /** Most frequent words that are not in the training texts, with their vectors `[others, DIMENSIONS]`. */
  readonly others: { readonly words: readonly string[]; readonly vectors: Float32Array };
}

/** Builds the vocabulary of training texts, and adds the most frequent other words with vectors. */
export function pretrainedVocabulary(texts: readonly string[], { words, vectors }: WordVectors): PretrainedVocabulary {
  const rows = new Map(words.map((word, row) => [word, row]));
  const counts = new Map<string, number>();
  for (const text of texts) for (const { form } of tokenizeWords(text)) counts.set(form, (counts.get(form) ?? 0) + 1);
  const seen = [...counts]
    .filter(([form, count]) => rows.has(form) || count >= MIN_COUNT)
    .sort(byCount)
    .map(([form]) => form);
  const training = WordVocabulary.of(seen);
  const unseen = words.filter((word) => !counts.has(word) && isReachable(word)).slice(0, MAX_WORDS - seen.length);
  const vectorsOf = (list: readonly string[]): Float32Array => {
    const result = new Float32Array(list.length * DIMENSIONS);
    list.forEach((word, index) => {
      const row = rows.get(word);
      if (row !== undefined) result.set(vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS), index * DIMENSIONS);
    });
    return result;
  };
  const repeated = seen.filter((form) => (counts.get(form) ?? 0) > 1).length;
  return {
    training,
    repeated,
    pretrained: vectorsOf(training.words),
    others: { words: unseen, vectors: vectorsOf(unseen) },
  };
}

/** Compares by descending count, then by code point, so that ids are deterministic. */
function byCount([a, m]: readonly [string, number], [b, n]: readonly [string, number]): number {
  return n - m || (a < b ? -1 : 1);
}

/** True if the tokenizer can produce this word; it never produces hyphenated words, for example. */
function isReachable(word: string): boolean {
  const [first, second] = tokenizeWords(word);
  return second === undefined && first?.form === word;
}
