import * as z from 'zod';
import { textOf } from '../../phrases/causes.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import type { EncodedTokens } from '../encodedTokens.ts';
import type { Beginning, TextVocabulary, TokenEncoder } from '../textVocabulary.ts';
import { Tokenizer } from './tokenizer.ts';
import { tokenizerSpec } from './tokenizerJson.ts';
import { TokenizerWords } from './tokenizerWords.ts';

const UNKNOWN = '<unk>';
const REPLACEMENT = '\uFFFD';
const kind = z.literal('tokenizer');
/** Schema of `vocabulary.json` of a language model that reads the tokens of an imported tokenizer. */
const schema = z.strictObject({
  version: z.literal(1),
  kind,
  /** Tokens by id, as they are shown. */
  tokens: z.array(z.string()),
  tokenizer: tokenizerSpec,
});

/** Tokens of a prompt that the text of the next token depends on. */
const CONTEXT = 8;
/** Most of them, where bytes are no text. */
const LONGEST_CONTEXT = 64;
/** Length of a text in chunks above which its beginning is split, if the tokenizer allows it. */
const LONG_TEXT = 2 ** 16;

/**
 * Vocabulary of the tokens of an imported tokenizer. Id 0 represents all that is unknown, whether the tokenizer has a token
 * for it or not; the others follow in the order of the tokenizer.
 */
export class TokenizerVocabulary implements TextVocabulary {
  readonly granularity = 'subword';
  readonly tokens: readonly string[];
  readonly tokenizer: Tokenizer;
  /** Id of the tokenizer of each id; -1 of an unknown token that the tokenizer does not have. */
  readonly order: readonly number[];
  readonly #ids: Int32Array;

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = tokenizer;
    const { unknownId = -1, size } = tokenizer;
    const others = Array.from({ length: size }, (_, id) => id).filter((id) => id !== unknownId);
    this.order = [unknownId, ...others];
    this.#ids = new Int32Array(size);
    this.order.forEach((own, id) => {
      if (own >= 0) this.#ids[own] = id;
    });
    const { forms } = new TokenizerWords(tokenizer);
    this.tokens = this.order.map((own, id) => (id === 0 ? UNKNOWN : (forms[own] ?? '')));
  }

  /** Whether JSON says that it is such a vocabulary. */
  static isJson(json: unknown): boolean {
    return z.object({ kind }).safeParse(json).success;
  }

  /** Parses the result of `toJSON`. @throws Error that describes what is invalid */
  static fromJSON(json: unknown): TokenizerVocabulary {
    const result = schema.safeParse(json);
    if (result.success) return new TokenizerVocabulary(new Tokenizer(result.data.tokenizer));
    throw new PhrasedError(phrase('This is not a vocabulary with a tokenizer. {0}', textOf(result.error)));
  }

  get size(): number {
    return this.tokens.length;
  }

  encode(text: string): Int32Array {
    return Int32Array.from(this.tokenizer.encode(text), ({ id }) => this.#ids[id]!);
  }

  decode(ids: ArrayLike<number>): string {
    const known = Array.from(ids);
    if (this.order[0]! >= 0) return this.tokenizer.decode(known.map((id) => this.order[id] ?? -1));
    // The tokenizer has no unknown token.
    const parts: string[] = [];
    for (let start = 0; start <= known.length;) {
      const end = known.indexOf(0, start);
      parts.push(
        this.tokenizer.decode(known.slice(start, end < 0 ? undefined : end).map((id) => this.order[id] ?? -1)),
      );
      if (end < 0) break;
      start = end + 1;
    }
    return parts.join(REPLACEMENT);
  }

  tokenize(text: string): EncodedTokens {
    if (text === '') throw new PhrasedError(phrase('The text is empty.'));
    const found = this.tokenizer.encode(text);
    // A text whose tokens are all dropped is one unknown token.
    if (found.length === 0) return { tokens: [text], ids: Int32Array.of(0), offsets: [0] };
    const ids = Int32Array.from(found, ({ id }) => this.#ids[id]!);
    const offsets = found.map(({ start }) => start);
    const tokens = found.map((_, at) => {
      const written = text.slice(offsets[at], offsets[at + 1] ?? text.length);
      return written === '' ? (this.tokens[ids[at]!] ?? UNKNOWN) : written;
    });
    return { tokens, ids, offsets };
  }

  encoder(): TokenEncoder {
    let rest = '';
    const { isDivisible } = this.tokenizer;
    let isFirst = true;
    const encoded = (text: string) => {
      const begins = isFirst;
      isFirst = false;
      return text === '' ? new Int32Array() : this.#encodePart(text, begins);
    };
    return {
      idLimit: this.size,
      encode: (chunk) => {
        rest += chunk;
        if (!isDivisible || rest.length < LONG_TEXT) return new Int32Array();
        const at = divisionOf(rest);
        if (at < 0) return new Int32Array();
        const part = rest.slice(0, at);
        rest = rest.slice(at);
        return encoded(part);
      },
      end: () => {
        const last = encoded(rest);
        rest = '';
        isFirst = true;
        return last;
      },
    };
  }

  /** Ids of a part of a text. A part that does not begin it begins with a space, so that none is put before it. */
  #encodePart(text: string, begins: boolean): Int32Array {
    if (!begins && !text.startsWith(' ')) throw new Error('A text is divided before a space.');
    return this.encode(text);
  }

  /** The text of a token is what it adds to those before it: bytes are held back until they are a character. */
  begin(prompt: string): Beginning {
    const encoded = this.encode(prompt === '' ? '\n' : prompt);
    const ids = encoded.length > 0 ? encoded : Int32Array.of(0);
    // The last tokens, and how much of their text is written.
    let recent: number[] = prompt === '' ? [] : [...ids.subarray(-CONTEXT)];
    let written = this.decode(recent).length;
    return {
      ids,
      textOf: (id) => {
        recent.push(id);
        const text = this.decode(recent);
        const settled = recent.length < LONGEST_CONTEXT ? text.replace(/\uFFFD+$/u, '') : text;
        const added = settled.slice(written);
        written = Math.max(written, settled.length);
        if (settled.length === text.length && recent.length > 2 * CONTEXT) {
          recent = this.#shorter(recent, text);
          written = this.decode(recent).length;
        }
        return added;
      },
    };
  }

  /** The last of the tokens of a text, which begin with a character. */
  #shorter(ids: readonly number[], text: string): number[] {
    for (let count = CONTEXT; count > 0; count--) {
      const last = ids.slice(-count);
      const own = this.decode(last);
      if (own !== '' && text.endsWith(own)) return last;
    }
    return ids.length < LONGEST_CONTEXT ? [...ids] : ids.slice(-1);
  }

  toJSON(): z.output<typeof schema> {
    return { version: 1, kind: 'tokenizer', tokens: [...this.tokens], tokenizer: this.tokenizer.spec };
  }
}

/** The last place before a space between two characters that are none, where a text can be divided; -1 without one. */
function divisionOf(text: string): number {
  for (let at = text.lastIndexOf(' '); at > 0; at = text.lastIndexOf(' ', at - 1))
    if (/^\S \S$/.test(text.slice(at - 1, at + 2))) return at;
  return -1;
}
