import { TextBytes } from '../textBytes.ts';
import type { TokenEncoder } from '../textVocabulary.ts';
import { PartIds } from './partIds.ts';
import { piecesOfPart } from './pieces.ts';
import { splitTokens } from './wordSplitter.ts';

const [LINE_FEED, RETURN, SPACE] = [0x0a, 0x0d, 0x20];
const LAST_ASCII = 0x7e;
/** Characters next to which a space or a line break always separates words. */
const SEPARABLE = /^[\p{L}\p{N}\p{P}\p{S}]$/u;
const WHITE_SPACE = /\s/u;

/** Whether a part may begin or end with a code unit, so that its tokens do not depend on what is around it. */
function isSeparable(unit: number): boolean {
  if (unit <= LAST_ASCII) return unit > SPACE;
  return SEPARABLE.test(String.fromCharCode(unit));
}

/**
 * Encoder of a text in chunks to the tokens of a word language model (see `splitTokens`), with the ids that a function
 * returns for them. The tokens of a part between spaces and line breaks are found once: they do not depend on what is
 * around the part if its first and its last character always separate words from white space.
 */
export class WordEncoder implements TokenEncoder {
  /** The end of the text so far that the next chunk may continue, and the chunk. */
  readonly #text = new TextBytes();
  readonly #idOf: (form: string) => number;
  readonly #idLimit: () => number;
  /** Ids of parts with a space before them, or at the start of a line. */
  readonly #parts = new PartIds((part) => this.#idsOfPart(part));
  /** Ids of what depends on white space around it, at the start of a line and after it. */
  readonly #firstStretches = new PartIds((text) => this.#idsOf(text, true));
  readonly #stretches = new PartIds((text) => this.#idsOf(text, false));
  #startsLine = true;
  #ids = new Int32Array(0);
  #count = 0;

  /** @param idLimit upper bound (exclusive) of the ids so far */
  constructor(idOf: (form: string) => number, idLimit: () => number) {
    this.#idOf = idOf;
    this.#idLimit = idLimit;
  }

  get idLimit(): number {
    return this.#idLimit();
  }

  /** The ids are valid until the next call. */
  encode(chunk: string): Int32Array {
    const before = this.#text.length;
    this.#text.append(chunk);
    const end = lastBoundary(this.#text, before);
    // A token has at least one byte.
    if (this.#ids.length < end) this.#ids = new Int32Array(end);
    this.#count = 0;
    this.#complete(end);
    this.#text.dropBefore(end);
    return this.#ids.subarray(0, this.#count);
  }

  end(): Int32Array {
    const rest = this.#text.slice(0, this.#text.length);
    const ids = this.#idsOf(rest, this.#startsLine);
    this.#text.set('');
    this.#startsLine = true;
    return Int32Array.from(ids);
  }

  /** Writes the ids of the text up to a place at which it can be split. */
  #complete(to: number): void {
    const { bytes } = this.#text;
    let place = 0;
    while (place < to) {
      if (!this.#startsLine) place = this.#writeFrequent(place, to);
      if (place === to) return;
      const byte = bytes[place]!;
      if (byte === LINE_FEED) {
        this.#ids[this.#count++] = this.#idOf('\n');
        this.#startsLine = true;
        place++;
        continue;
      }
      const from = this.#startsLine ? place : place + 1;
      const end = this.#startsLine || byte === SPACE ? endOfPart(bytes, from) : from;
      const count = end > from ? this.#parts.write(this.#text, from, end, this.#ids, this.#count) : -1;
      if (count < 0) place = this.#stretch(place, to);
      else {
        this.#count = count;
        this.#startsLine = false;
        place = end;
      }
    }
  }

  /** Writes the ids of known short parts, each with a space before it, which are most of a text. @returns place after them */
  #writeFrequent(start: number, to: number): number {
    const { bytes, view } = this.#text;
    const parts = this.#parts;
    const ids = this.#ids;
    let count = this.#count;
    let place = start;
    while (place < to && bytes[place] === SPACE) {
      const after = parts.writeVisible(view, place + 1, ids, count);
      const { end } = parts;
      if (after < 0 || (bytes[end] !== SPACE && bytes[end] !== LINE_FEED)) break;
      count = after;
      place = end;
    }
    this.#count = count;
    return place;
  }

  /** Writes the ids of a stretch of a line that depends on white space in it or around it. @returns its end */
  #stretch(start: number, to: number): number {
    const { bytes } = this.#text;
    const lineBreak = bytes.indexOf(LINE_FEED, start);
    const lineEnd = lineBreak < 0 || lineBreak >= to ? to : lineBreak;
    const end = nextPart(this.#text, start, lineEnd);
    // A line break after a carriage return is one token with it.
    if (end === lineEnd && end < to && bytes[end - 1] === RETURN) {
      this.#startsLine = splitTokens(this.#text.slice(start, end + 1), this.#startsLine, (form) => {
        this.#ids[this.#count++] = this.#idOf(form);
      });
      return end + 1;
    }
    const known = this.#startsLine ? this.#firstStretches : this.#stretches;
    this.#count = known.write(this.#text, start, end, this.#ids, this.#count);
    this.#startsLine = false;
    return end;
  }

  /** Ids of a part; undefined if they depend on what is around it. */
  #idsOfPart(part: string): number[] | undefined {
    if (!isSeparable(part.charCodeAt(0)) || !isSeparable(part.charCodeAt(part.length - 1))) return undefined;
    return piecesOfPart(part).map((form) => this.#idOf(form));
  }

  #idsOf(text: string, startsLine: boolean): number[] {
    const ids: number[] = [];
    splitTokens(text, startsLine, (form) => ids.push(this.#idOf(form)));
    return ids;
  }
}

/** Place of the first space or line break from a place on; there is one. */
function endOfPart(bytes: Uint8Array, from: number): number {
  let end = from;
  for (let byte = bytes[end]!; byte > SPACE || (byte !== SPACE && byte !== LINE_FEED); byte = bytes[++end]!);
  return end;
}

/** Place after the start of a line's rest at which its parts do not depend on what is before; its end if there is none. */
function nextPart(text: TextBytes, start: number, end: number): number {
  const { bytes } = text;
  for (let space = bytes.indexOf(SPACE, start + 1); space > 0 && space < end; space = bytes.indexOf(SPACE, space + 1))
    if (isSeparable(unitBefore(text, space))) return space;
  return end;
}

/**
 * The last place of a text at which it can be split without changing its tokens: after a line break, else before a space
 * that follows a word; 0 if there is none.
 * @param from place before which there is none
 */
function lastBoundary(text: TextBytes, from: number): number {
  const { bytes, length } = text;
  const line = bytes.lastIndexOf(LINE_FEED, length - 1);
  if (length > from && line >= from) return line + 1;
  for (let space = length - 1; space >= Math.max(1, from); space--)
    if (bytes[space] === SPACE && !WHITE_SPACE.test(String.fromCharCode(unitBefore(text, space)))) return space;
  return 0;
}

/** Last code unit of the text before a place. */
function unitBefore(text: TextBytes, place: number): number {
  let start = place - 1;
  while (start > 0 && (text.bytes[start]! & 0xc0) === 0x80) start--;
  const character = text.slice(start, place);
  return character.charCodeAt(character.length - 1);
}
