import * as z from 'zod';
import { Tokenizer } from '../tokenizers/tokenizer.ts';
import { tokenizerSpec } from '../tokenizers/tokenizerJson.ts';
import { TokenizerWords } from '../tokenizers/tokenizerWords.ts';
import type { Word } from './tokenizer.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { textOf } from '../../phrases/causes.ts';

const UNKNOWN = '<unk>';
const PADDING = '<pad>';

/** Schema of `vocabulary.json` of a model that reads words: the words by id. */
const wordVocabularySchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('word'),
    words: z.array(z.string()).min(2),
    /** The tokenizer that finds the words; of an imported model that reads subwords. */
    tokenizer: tokenizerSpec.optional(),
  })
  .refine(({ words }) => words[0] === UNKNOWN && words.at(-1) === PADDING, {
    error: `the first word must be "${UNKNOWN}" and the last "${PADDING}"`,
  })
  .refine(({ words }) => new Set(words).size === words.length, { error: 'every word must occur once' });

/**
 * Vocabulary of words. Id 0 represents all unknown words; the last id is used for padding, whose embedding has no
 * effect.
 */
export class WordVocabulary {
  static readonly UNKNOWN = UNKNOWN;
  static readonly PADDING = PADDING;
  /** Words by id. */
  readonly words: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  /** Finds the words in a text; undefined if rules do. */
  readonly tokenizer: TokenizerWords | undefined;

  private constructor(words: readonly string[], tokenizer?: TokenizerWords) {
    this.words = words;
    this.tokenizer = tokenizer;
    const ids = new Map<string, number>();
    for (let id = 0; id < words.length; id++) ids.set(words[id]!, id);
    this.#ids = ids;
    if (this.#ids.size !== words.length) throw new PhrasedError(phrase('The vocabulary contains a word twice.'));
  }

  /** Creates a vocabulary of words in the given order. @throws Error if a word occurs twice */
  static of(words: Iterable<string>, tokenizer?: TokenizerWords): WordVocabulary {
    return new WordVocabulary([UNKNOWN, ...words, PADDING], tokenizer);
  }

  /** Parses the result of `toJSON`. @throws Error that describes what is invalid */
  static fromJSON(json: unknown): WordVocabulary {
    const result = wordVocabularySchema.safeParse(json);
    if (result.success) {
      const { words, tokenizer } = result.data;
      return new WordVocabulary(words, tokenizer && new TokenizerWords(new Tokenizer(tokenizer)));
    }
    throw new PhrasedError(phrase('This is not a word vocabulary of Sequence Lab. {0}', textOf(result.error)));
  }

  /** Number of words including `<unk>` and `<pad>`. */
  get size(): number {
    return this.words.length;
  }

  get paddingId(): number {
    return this.size - 1;
  }

  /** Returns the id of a word's form; for an unknown "sooo" that of "soo" or "so"; 0 if none is known. */
  idOf(form: string): number {
    const id = this.#ids.get(form);
    if (id !== undefined) return id;
    if (!/(\p{L})\1\1/u.test(form)) return 0;
    const twice = form.replace(/(\p{L})\1{2,}/gu, '$1$1');
    const once = form.replace(/(\p{L})\1{2,}/gu, '$1');
    return this.#ids.get(twice) ?? this.#ids.get(once) ?? 0;
  }

  /** Returns the id of each word. */
  encode(words: readonly Word[]): Int32Array {
    return Int32Array.from(words, ({ form }) => this.idOf(form));
  }

  /** Returns the words of ids. @throws RangeError for an id outside of the vocabulary */
  decode(ids: ArrayLike<number>): string[] {
    return Array.from(ids, (id) => {
      const word = this.words[id];
      if (word === undefined) throw new RangeError(`Id ${id} is outside of the vocabulary of ${this.size} words.`);
      return word;
    });
  }

  toJSON(): z.output<typeof wordVocabularySchema> {
    const tokenizer = this.tokenizer ? { tokenizer: this.tokenizer.tokenizer.spec } : {};
    return { version: 1, kind: 'word', words: [...this.words], ...tokenizer };
  }
}
