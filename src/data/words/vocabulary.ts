import * as z from 'zod';
import type { Word } from './tokenizer.ts';

const UNKNOWN = '<unk>';
const PADDING = '<pad>';

/** `vocabulary.json` of a model that reads words: all of them by their ids. */
const wordVocabularySchema = z
  .strictObject({ version: z.literal(1), kind: z.literal('word'), words: z.array(z.string()).min(2) })
  .refine(({ words }) => words[0] === UNKNOWN && words.at(-1) === PADDING, {
    error: `the first word must be "${UNKNOWN}" and the last "${PADDING}"`,
  })
  .refine(({ words }) => new Set(words).size === words.length, { error: 'every word must be there once' });

/**
 * The words that a model knows. Id 0 stands for every other word; the last id fills up the shorter sequences of a
 * batch, where no number that it stands for is ever read.
 */
export class WordVocabulary {
  static readonly UNKNOWN = UNKNOWN;
  static readonly PADDING = PADDING;
  /** Id -> word. */
  readonly words: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  private constructor(words: readonly string[]) {
    this.words = words;
    this.#ids = new Map(words.map((word, id) => [word, id]));
    if (this.#ids.size !== words.length) throw new Error('A vocabulary holds every word once.');
  }

  /** The vocabulary of words in the order given. @throws Error when one comes twice */
  static of(words: Iterable<string>): WordVocabulary {
    return new WordVocabulary([UNKNOWN, ...words, PADDING]);
  }

  /** Reads what `toJSON` wrote. @throws Error that names what is wrong in it. */
  static fromJSON(json: unknown): WordVocabulary {
    const result = wordVocabularySchema.safeParse(json);
    if (result.success) return new WordVocabulary(result.data.words);
    throw new Error(`This is not a word vocabulary of Sequence Lab:\n${z.prettifyError(result.error)}`);
  }

  /** Number of words with `<unk>` and `<pad>`. */
  get size(): number {
    return this.words.length;
  }

  get paddingId(): number {
    return this.size - 1;
  }

  /** The id of a word's form; of "sooo" that of "soo" or "so", where the longer one is not known; 0 where none is. */
  idOf(form: string): number {
    const id = this.#ids.get(form);
    if (id !== undefined) return id;
    if (!/(\p{L})\1\1/u.test(form)) return 0;
    const twice = form.replace(/(\p{L})\1{2,}/gu, '$1$1');
    const once = form.replace(/(\p{L})\1{2,}/gu, '$1');
    return this.#ids.get(twice) ?? this.#ids.get(once) ?? 0;
  }

  /** One id for each word. */
  encode(words: readonly Word[]): Int32Array {
    return Int32Array.from(words, ({ form }) => this.idOf(form));
  }

  /** The words of ids. @throws RangeError for an id outside of the vocabulary. */
  decode(ids: ArrayLike<number>): string[] {
    return Array.from(ids, (id) => {
      const word = this.words[id];
      if (word === undefined) throw new RangeError(`Id ${id} is not in a vocabulary of ${this.size} words.`);
      return word;
    });
  }

  toJSON(): z.output<typeof wordVocabularySchema> {
    return { version: 1, kind: 'word', words: [...this.words] };
  }
}
