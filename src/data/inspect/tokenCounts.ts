import { twice } from '../twice.ts';
import { FIRST_HASH, HashIndex, hashWith } from '../hashIndex.ts';
import type { TokenUnit, UnknownTokens } from './inspection.ts';

const MAX_EXAMPLES = 12;
/** Pieces between white space whose tokens are kept. */
const KEPT = 2 ** 20;
/** Longest piece whose tokens are kept. */
const LONGEST = 40;

const [SPACE, TAB, RETURN] = [0x20, 0x09, 0x0d];

/** Rules that split a text into tokens. */
export interface TokenRules {
  readonly unit: TokenUnit;
  /** The tokens of a text. */
  tokensIn(text: string): readonly string[];
  /**
   * Whether two tokens, of which the second is the first one of a piece of text after white space, are read otherwise
   * together than each by itself.
   */
  joins(last: string, first: string): boolean;
}

/**
 * Counts the tokens of texts, and those of the validation part that never occur in the training part. The tokens of a
 * piece between white space are found once: they depend on the piece alone if it is in Latin script, unless `joins` says
 * otherwise.
 */
export class TokenCounts {
  readonly #rules: TokenRules;
  readonly #pieces = new HashIndex();
  readonly #texts: string[] = [];
  readonly #tokens: Int32Array[] = [];
  /** Numbers of the tokens in the order in which they first occur. */
  readonly #numbers = new Map<string, number>();
  readonly #forms: string[] = [];
  /** Tokens of the training part. */
  #known = new Uint8Array(1024);
  /** Occurrences in the validation part of the other tokens. */
  readonly #unknown = new Map<number, number>();
  #validation = { texts: 0, tokens: 0 };
  #current = '';
  #from = 0;
  #to = 0;

  constructor(rules: TokenRules) {
    this.#rules = rules;
  }

  /** Adds a text of the training part. @returns number of tokens */
  train(text: string, words?: readonly string[]): number {
    return this.#each(text, words, (token) => {
      while (token >= this.#known.length) this.#known = twice(this.#known);
      this.#known[token] = 1;
    });
  }

  /** Adds a text of the validation part, after all of the training part. @returns number of tokens */
  validate(text: string, words?: readonly string[]): number {
    const count = this.#each(text, words, (token) => {
      if (this.#known[token] !== 1) this.#unknown.set(token, (this.#unknown.get(token) ?? 0) + 1);
    });
    this.#validation.texts++;
    this.#validation.tokens += count;
    return count;
  }

  /** The unknown tokens; null without a validation part. */
  get unknown(): UnknownTokens | null {
    const { texts, tokens } = this.#validation;
    if (texts === 0) return null;
    const counts = Array.from(this.#unknown, ([token, count]) => [this.#forms[token]!, count] as const);
    const examples = counts.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_EXAMPLES);
    return {
      unit: this.#rules.unit,
      tokens,
      unknown: counts.reduce((sum, [, count]) => sum + count, 0),
      examples: examples.map(([form]) => form),
    };
  }

  #each(text: string, words: readonly string[] | undefined, visit: (token: number) => void): number {
    const found = words ? undefined : this.#byPieces(text);
    const own = found ?? (words ?? this.#rules.tokensIn(text)).map((token) => this.#numberOf(token));
    for (const token of own) visit(token);
    return own.length;
  }

  /** The tokens of a text from those of its pieces; undefined if they may depend on each other. */
  #byPieces(text: string): number[] | undefined {
    if (this.#rules.unit === 'character') return undefined;
    const found: number[] = [];
    for (let at = 0; at < text.length; at++) {
      const from = at;
      let hash = FIRST_HASH;
      for (; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === SPACE || (code >= TAB && code <= RETURN)) break;
        if (!isLatin(code)) return undefined;
        hash = hashWith(hash, code);
      }
      if (at === from) continue;
      const tokens = this.#tokensOfPiece(hash, text, from, at);
      const last = found.at(-1);
      const [first] = tokens;
      if (last !== undefined && first !== undefined && this.#rules.joins(this.#forms[last]!, this.#forms[first]!))
        return undefined;
      for (const token of tokens) found.push(token);
    }
    return found;
  }

  #tokensOfPiece(hash: number, text: string, from: number, to: number): Int32Array {
    if (to - from > LONGEST || this.#pieces.size >= KEPT) return this.#numbered(text.slice(from, to));
    this.#current = text;
    this.#from = from;
    this.#to = to;
    const number = this.#pieces.numberOf(hash, this.#isCurrent);
    const known = this.#tokens[number];
    if (known) return known;
    const piece = text.slice(from, to);
    const tokens = this.#numbered(piece);
    this.#texts.push(piece);
    this.#tokens.push(tokens);
    return tokens;
  }

  readonly #isCurrent = (number: number): boolean => {
    const known = this.#texts[number]!;
    if (known.length !== this.#to - this.#from) return false;
    for (let at = 0; at < known.length; at++)
      if (known.charCodeAt(at) !== this.#current.charCodeAt(this.#from + at)) return false;
    return true;
  };

  #numbered(text: string): Int32Array {
    return Int32Array.from(this.#rules.tokensIn(text), (token) => this.#numberOf(token));
  }

  #numberOf(token: string): number {
    const known = this.#numbers.get(token);
    if (known !== undefined) return known;
    const number = this.#forms.length;
    this.#numbers.set(token, number);
    this.#forms.push(token);
    return number;
  }
}

/** ASCII, and the letters of Latin script that need no mark beside them. */
function isLatin(code: number): boolean {
  return code < 0x80 || (code >= 0xc0 && code < 0x250 && code !== 0xd7 && code !== 0xf7);
}
