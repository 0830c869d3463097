import * as z from 'zod';
import { CodePointIndex } from './codePointIndex.ts';
import type { EncodedTokens } from './encodedTokens.ts';
import type { Beginning, TextVocabulary, TokenEncoder } from './textVocabulary.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import { textOf } from '../phrases/causes.ts';

const UNKNOWN = '<unk>';
const REPLACEMENT = '\uFFFD';

const isOneCodePoint = (token: string): boolean => token !== '' && String.fromCodePoint(codePointOf(token)) === token;

/** Schema of `vocabulary.json`: the tokens of a model by id. */
const vocabularySchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('character'),
  tokens: z.array(z.string()).superRefine((tokens, context) => {
    const addIssue = (index: number, message: string): void =>
      context.addIssue({ code: 'custom', path: [index], message });
    if (tokens[0] !== UNKNOWN) addIssue(0, `the first token must be "${UNKNOWN}"`);
    for (let i = 1; i < tokens.length; i++) {
      const token = tokens[i] ?? '';
      if (!isOneCodePoint(token)) return addIssue(i, `${JSON.stringify(token)} is not one character`);
      const isSorted = i === 1 || codePointOf(tokens[i - 1] ?? '') < codePointOf(token);
      if (!isSorted) return addIssue(i, `${JSON.stringify(token)} must come after the token before it, by code point`);
    }
  }),
  /** Tokens after the characters that no text contains, such as the mark of an end; of an imported model. */
  marks: z.array(z.string()).optional(),
});

/** Content of `vocabulary.json`. */
export type VocabularyJson = z.output<typeof vocabularySchema>;

/**
 * Vocabulary of characters (code points). Id 0 represents all unknown characters; the others are sorted by code point,
 * so that the same text always results in the same vocabulary.
 */
export class Vocabulary implements TextVocabulary {
  static readonly UNKNOWN = UNKNOWN;
  readonly granularity = 'character';
  /** Tokens by id. */
  readonly tokens: readonly string[];
  readonly #index = new CodePointIndex();

  readonly #marks: readonly string[];

  private constructor(characters: readonly string[], marks: readonly string[]) {
    this.tokens = [...characters, ...marks];
    this.#marks = marks;
    for (let id = 1; id < characters.length; id++) this.#index.set(codePointOf(characters[id] ?? ''), id);
  }

  /**
   * Creates the vocabulary of a set of code points, in any order.
   * @param marks tokens after them that no text contains
   */
  static of(codePoints: Iterable<number>, marks: readonly string[] = []): Vocabulary {
    const sorted = Uint32Array.from(new Set(codePoints)).sort();
    return new Vocabulary([UNKNOWN, ...Array.from(sorted, (codePoint) => String.fromCodePoint(codePoint))], marks);
  }

  /** Parses the result of `toJSON`. @throws Error that describes what is invalid */
  static fromJSON(json: unknown): Vocabulary {
    const result = vocabularySchema.safeParse(json);
    if (result.success) return new Vocabulary(result.data.tokens, result.data.marks ?? []);
    throw new PhrasedError(phrase('This is not a character vocabulary of Sequence Lab. {0}', textOf(result.error)));
  }

  get size(): number {
    return this.tokens.length;
  }

  /** Returns the id of a code point, or 0 if it is not in the vocabulary. */
  idOf(codePoint: number): number {
    return this.#index.get(codePoint);
  }

  /** Returns the id of each code point of the text, 0 for those that are not in the vocabulary. */
  encode(text: string): Int32Array {
    const ids = new Int32Array(text.length);
    return ids.subarray(0, this.#encodeInto(text, ids));
  }

  tokenize(text: string): EncodedTokens {
    if (text === '') throw new PhrasedError(phrase('The text is empty.'));
    const tokens = Array.from(text);
    let offset = 0;
    const offsets = tokens.map((token) => {
      const start = offset;
      offset += token.length;
      return start;
    });
    return { tokens, ids: this.encode(text), offsets };
  }

  encoder(): TokenEncoder {
    let ids = new Int32Array();
    return {
      idLimit: this.size,
      encode: (chunk) => {
        if (ids.length < chunk.length) ids = new Int32Array(chunk.length);
        return ids.subarray(0, this.#encodeInto(chunk, ids));
      },
      end: () => new Int32Array(),
    };
  }

  begin(prompt: string): Beginning {
    const textOf = (id: number) => this.tokens[id] ?? UNKNOWN;
    if (prompt !== '') return { ids: this.encode(prompt), textOf };
    const lineBreak = this.idOf(10);
    return { ids: Int32Array.of(lineBreak > 0 ? lineBreak : 1), textOf };
  }

  /**
   * Encodes into an array of at least `text.length` ids.
   * @returns the number of ids, which is the number of code points
   */
  #encodeInto(text: string, target: Int32Array): number {
    return this.#index.encode(text, target, () => 0);
  }

  /** Converts ids to text, with `<unk>` as U+FFFD. @throws RangeError for an id outside of the vocabulary */
  decode(ids: ArrayLike<number>): string {
    return Array.from(ids, (id) => {
      const token = this.tokens[id];
      if (token === undefined) throw new RangeError(`Id ${id} is outside of the vocabulary of ${this.size} tokens.`);
      return id === 0 ? REPLACEMENT : token;
    }).join('');
  }

  toJSON(): VocabularyJson {
    const marks = this.#marks.length > 0 ? { marks: [...this.#marks] } : {};
    const characters = this.tokens.slice(0, this.tokens.length - this.#marks.length);
    return { version: 1, kind: 'character', tokens: characters, ...marks };
  }
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
