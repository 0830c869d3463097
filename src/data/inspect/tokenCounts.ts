import { CharacterSet, countCharacters } from '../codePoints.ts';
import { TextBytes } from '../textBytes.ts';
import { twice } from '../twice.ts';
import { PartIds } from '../words/partIds.ts';
import type { TokenUnit, UnknownTokens } from './inspection.ts';

const MAX_EXAMPLES = 12;
/** Tokens of one byte of a text at most. */
const TOKENS_PER_BYTE = 2;

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
  /** Whether `joins` is true for a first token after any other. */
  mayJoin(first: string): boolean;
}

/**
 * Counts the tokens of texts, and those of the validation part that never occur in the training part. The tokens of a
 * piece between white space are found once: they depend on the piece alone if it is in Latin script, unless `joins` says
 * otherwise. Where words are the tokens, it counts the characters in the same way.
 */
export class TokenCounts {
  readonly #rules: TokenRules;
  readonly #bytes = new TextBytes();
  readonly #pieces = new PartIds((piece) => this.#rules.tokensIn(piece).map((token) => this.#numberOf(token)));
  /** Numbers of the tokens in the order in which they first occur. */
  readonly #numbers = new Map<string, number>();
  readonly #forms: string[] = [];
  /** Whether a token may be joined to the one before it. */
  #mayJoin = new Uint8Array(1024);
  /** Tokens of the training part. */
  #known = new Uint8Array(1024);
  /** Occurrences in the validation part of the other tokens. */
  readonly #unknown = new Map<number, number>();
  #validation = { texts: 0, tokens: 0 };
  /** Characters of the training part. */
  readonly #characters = new CharacterSet();
  #validationCharacters = { tokens: 0, unknown: 0 };
  /** Tokens of the current text. */
  #tokens = new Int32Array(1024);

  constructor(rules: TokenRules) {
    this.#rules = rules;
  }

  /** Adds a text of the training part. @returns number of tokens */
  train(text: string, words?: readonly string[]): number {
    const count = this.#read(text, words);
    for (let at = 0; at < count; at++) this.#known[this.#tokens[at]!] = 1;
    if (this.#rules.unit === 'word') this.#characters.addAll(text, this.#bytes);
    return count;
  }

  /** Adds a text of the validation part, after all of the training part. @returns number of tokens */
  validate(text: string, words?: readonly string[]): number {
    const count = this.#read(text, words);
    for (let at = 0; at < count; at++) {
      const token = this.#tokens[at]!;
      if (this.#known[token] !== 1) this.#unknown.set(token, (this.#unknown.get(token) ?? 0) + 1);
    }
    this.#validation.texts++;
    this.#validation.tokens += count;
    if (this.#rules.unit === 'word') {
      this.#validationCharacters.tokens += countCharacters(text);
      this.#validationCharacters.unknown += this.#characters.countOthers(text, this.#bytes);
    }
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
      ...(this.#rules.unit === 'word' && { characters: this.#validationCharacters }),
    };
  }

  /** Finds the tokens of a text. @returns how many there are in `#tokens` */
  #read(text: string, words: readonly string[] | undefined): number {
    if (this.#rules.unit === 'word') this.#bytes.set(text);
    const found = words ? -1 : this.#readPieces();
    if (found >= 0) return found;
    const own = words ?? this.#rules.tokensIn(text);
    this.#reserve(own.length);
    own.forEach((token, at) => (this.#tokens[at] = this.#numberOf(token)));
    return own.length;
  }

  /** Finds the tokens of the text in `#bytes` from those of its pieces. @returns their number; -1 if they may depend on each other */
  #readPieces(): number {
    if (this.#rules.unit === 'character') return -1;
    const { bytes, view, length } = this.#bytes;
    // A rule may write a character as several tokens.
    this.#reserve(TOKENS_PER_BYTE * length);
    bytes[length] = SPACE;
    let count = 0;
    for (let at = 0; at < length;) {
      if (isSpace(bytes[at]!)) {
        at++;
        continue;
      }
      let after = this.#pieces.writeVisible(view, at, this.#tokens, count);
      let { end } = this.#pieces;
      if (after < 0 || !isSpace(bytes[end]!)) {
        end = endOfPiece(bytes, at, length);
        if (end < 0) return -1;
        after = this.#pieces.write(this.#bytes, at, end, this.#tokens, count);
      }
      if (count > 0 && after > count && this.#isJoined(count)) return -1;
      count = after;
      at = end;
    }
    return count;
  }

  /** Whether the token at a place, the first of its piece, is read otherwise after the token before it. */
  #isJoined(place: number): boolean {
    const first = this.#tokens[place]!;
    if (this.#mayJoin[first] === 0) return false;
    return this.#rules.joins(this.#forms[this.#tokens[place - 1]!]!, this.#forms[first]!);
  }

  #reserve(count: number): void {
    while (this.#tokens.length < count) this.#tokens = twice(this.#tokens);
  }

  #numberOf(token: string): number {
    const known = this.#numbers.get(token);
    if (known !== undefined) return known;
    const number = this.#forms.length;
    this.#numbers.set(token, number);
    if (number === this.#known.length) {
      this.#known = twice(this.#known);
      this.#mayJoin = twice(this.#mayJoin);
    }
    this.#mayJoin[number] = Number(this.#rules.mayJoin(token));
    this.#forms.push(token);
    return number;
  }
}

/** White space between pieces. */
function isSpace(code: number): boolean {
  return code === SPACE || (code >= TAB && code <= RETURN);
}

/** Place of the first white space from a place on; -1 if a character before it is not Latin. */
function endOfPiece(bytes: Uint8Array, start: number, length: number): number {
  let end = start;
  while (end < length && !isSpace(bytes[end]!)) {
    const byte = bytes[end]!;
    if (byte < 0x80) end++;
    else {
      if (byte >= 0xe0 || !isLatin(((byte & 0x1f) << 6) | (bytes[end + 1]! & 0x3f))) return -1;
      end += 2;
    }
  }
  return end;
}

/** ASCII, and the letters of Latin script that need no mark beside them. */
function isLatin(code: number): boolean {
  return code < 0x80 || (code >= 0xc0 && code < 0x250 && code !== 0xd7 && code !== 0xf7);
}
