import * as z from 'zod';
import { CodePointIndex } from './codePointIndex.ts';

const UNKNOWN = '<unk>';
const REPLACEMENT = '\uFFFD';

const isOneCodePoint = (token: string): boolean => token !== '' && String.fromCodePoint(codePointOf(token)) === token;

/** `vocabulary.json`: what a model was trained to read and write, index by index. */
const vocabularySchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('character'),
  tokens: z.array(z.string()).superRefine((tokens, context) => {
    const complain = (index: number, message: string): void =>
      context.addIssue({ code: 'custom', path: [index], message });
    if (tokens[0] !== UNKNOWN) complain(0, `the first token must be "${UNKNOWN}"`);
    for (let i = 1; i < tokens.length; i++) {
      const token = tokens[i] ?? '';
      if (!isOneCodePoint(token)) return complain(i, `${JSON.stringify(token)} is not one character`);
      const isSorted = i === 1 || codePointOf(tokens[i - 1] ?? '') < codePointOf(token);
      if (!isSorted) return complain(i, `${JSON.stringify(token)} must come after the token before it, by code point`);
    }
  }),
});

/** The shape of `vocabulary.json`. */
export type VocabularyJson = z.output<typeof vocabularySchema>;

/**
 * The characters (code points) a model knows. Index 0 stands for every other one; the rest is sorted by
 * code point, so that the same text always gives the same vocabulary.
 */
export class Vocabulary {
  static readonly UNKNOWN = UNKNOWN;
  /** Index -> token. */
  readonly tokens: readonly string[];
  readonly #index = new CodePointIndex();

  private constructor(tokens: readonly string[]) {
    this.tokens = tokens;
    for (let id = 1; id < tokens.length; id++) this.#index.set(codePointOf(tokens[id] ?? ''), id);
  }

  /** The vocabulary of a set of code points, in any order. */
  static of(codePoints: Iterable<number>): Vocabulary {
    const sorted = Uint32Array.from(new Set(codePoints)).sort();
    return new Vocabulary([UNKNOWN, ...Array.from(sorted, (codePoint) => String.fromCodePoint(codePoint))]);
  }

  /** Reads what `toJSON` wrote. @throws Error that names what is wrong in it. */
  static fromJSON(json: unknown): Vocabulary {
    const result = vocabularySchema.safeParse(json);
    if (result.success) return new Vocabulary(result.data.tokens);
    throw new Error(`This is not a character vocabulary of Sequence Lab:\n${z.prettifyError(result.error)}`);
  }

  /** Number of tokens with `<unk>`: the width of a one-hot vector and of the model's output. */
  get size(): number {
    return this.tokens.length;
  }

  /** The id of a code point, 0 for one that is not in the vocabulary. */
  idOf(codePoint: number): number {
    return this.#index.get(codePoint);
  }

  /** One id for each code point of the text, 0 where it is not in the vocabulary. */
  encode(text: string): Int32Array {
    const ids = new Int32Array(text.length);
    return ids.subarray(0, this.encodeInto(text, ids));
  }

  /**
   * Encodes into an array that has room for `text.length` ids.
   * @returns the number of ids, which is the number of code points.
   */
  encodeInto(text: string, target: Int32Array): number {
    return this.#index.encode(text, target, () => 0);
  }

  /** The text of ids, with `<unk>` shown as U+FFFD. @throws RangeError for an id outside of the vocabulary. */
  decode(ids: ArrayLike<number>): string {
    return Array.from(ids, (id) => {
      const token = this.tokens[id];
      if (token === undefined) throw new RangeError(`Id ${id} is not in a vocabulary of ${this.size} tokens.`);
      return id === 0 ? REPLACEMENT : token;
    }).join('');
  }

  toJSON(): VocabularyJson {
    return { version: 1, kind: 'character', tokens: [...this.tokens] };
  }
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
