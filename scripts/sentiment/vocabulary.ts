import { tokenizeWords } from '../../src/data/words/tokenizer.ts';
import { WordVocabulary } from '../../src/data/words/vocabulary.ts';
import { DIMENSIONS, type WordVectors } from './wordVectors.ts';

/** Most words that the bundled model knows: what fits into its size. */
const MOST_WORDS = 60_000;
/** A word without a pretrained vector has to come so often for training to find one. */
const OFTEN_ENOUGH = 3;

/** The words of a model and what is known of them before training. */
export interface PretrainedVocabulary {
  /** `<unk>`, the words of the training texts, the most frequent first, `<pad>`. */
  readonly training: WordVocabulary;
  /** How many of them come more than once. */
  readonly repeated: number;
  /** `[training.size, DIMENSIONS]`; zeros where there is no pretrained vector. */
  readonly pretrained: Float32Array;
  /** The most frequent words that training has not seen, with their vectors `[others, DIMENSIONS]`. */
  readonly others: { readonly words: readonly string[]; readonly vectors: Float32Array };
}

/** The vocabulary of training texts, and the most frequent other words that there are vectors for. */
export function pretrainedVocabulary(texts: readonly string[], { words, vectors }: WordVectors): PretrainedVocabulary {
  const rows = new Map(words.map((word, row) => [word, row]));
  const counts = new Map<string, number>();
  for (const text of texts) for (const { form } of tokenizeWords(text)) counts.set(form, (counts.get(form) ?? 0) + 1);
  const seen = [...counts]
    .filter(([form, count]) => rows.has(form) || count >= OFTEN_ENOUGH)
    .sort(byCount)
    .map(([form]) => form);
  const training = WordVocabulary.of(seen);
  const unseen = words.filter((word) => !counts.has(word) && isReachable(word)).slice(0, MOST_WORDS - seen.length);
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

/** The most frequent first; of equally frequent ones by code point, so that the same texts always give the same ids. */
function byCount([a, m]: readonly [string, number], [b, n]: readonly [string, number]): number {
  return n - m || (a < b ? -1 : 1);
}

/** Whether the tokenizer ever gives this word: it never gives hyphened ones, for example. */
function isReachable(word: string): boolean {
  const [first, second] = tokenizeWords(word);
  return second === undefined && first?.form === word;
}
