import { twice } from './twice.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes after the text that can be read, so that a word of twelve bytes can be loaded at its last byte. */
const SLACK = 16;
/** Bytes of a code unit in UTF-8 at most. */
const MOST_OF_UNIT = 3;
/** First byte of an unpaired surrogate, and what its second byte is at least. */
const [SURROGATE, SECOND] = [0xed, 0xa0];

/**
 * Text as UTF-8 bytes in an array that is reused: reading them is several times as fast as reading the characters of a
 * string. Unpaired surrogates keep their value (WTF-8), so that the text can be restored.
 */
export class TextBytes {
  bytes = new Uint8Array(2 ** 12);
  /** The same bytes, for words of four bytes. */
  view = new DataView(this.bytes.buffer);
  /** Number of bytes of the text. */
  length = 0;
  /** Whether a surrogate is unpaired, or was before its other half was appended. */
  #hasSurrogates = false;

  /** Replaces the text. */
  set(text: string): void {
    this.length = 0;
    this.#hasSurrogates = false;
    this.append(text);
  }

  append(text: string): void {
    this.#reserve(this.length + MOST_OF_UNIT * text.length + SLACK);
    if (text.isWellFormed()) this.#appendWhole(text);
    else this.#appendUnits(text);
  }

  /** Removes the bytes before a place. */
  dropBefore(place: number): void {
    this.bytes.copyWithin(0, place, this.length);
    this.length -= place;
  }

  /** The text of the bytes from one place up to another, both at the borders of characters. */
  slice(start: number, end: number): string {
    return this.#hasSurrogates ? this.#sliceUnits(start, end) : decoder.decode(this.bytes.subarray(start, end));
  }

  #reserve(length: number): void {
    if (length <= this.bytes.length) return;
    let larger = this.bytes;
    while (larger.length < length) larger = twice(larger);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  #appendWhole(text: string): void {
    // A part of an array takes as long to create as a short text to write.
    const target = this.length === 0 ? this.bytes : this.bytes.subarray(this.length);
    this.length += encoder.encodeInto(text, target).written;
  }

  #appendUnits(text: string): void {
    this.#hasSurrogates = true;
    for (const character of text) {
      const code = character.codePointAt(0) ?? 0;
      if (character.isWellFormed()) this.#appendWhole(character);
      else {
        this.bytes[this.length++] = SURROGATE;
        this.bytes[this.length++] = 0x80 | ((code >> 6) & 0x3f);
        this.bytes[this.length++] = 0x80 | (code & 0x3f);
      }
    }
  }

  #sliceUnits(start: number, end: number): string {
    const bytes = this.bytes.subarray(start, end);
    const parts: string[] = [];
    let from = 0;
    for (let at = bytes.indexOf(SURROGATE); at >= 0; at = bytes.indexOf(SURROGATE, at + 1)) {
      if (bytes[at + 1]! < SECOND) continue;
      const unit = 0xd000 | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
      parts.push(decoder.decode(bytes.subarray(from, at)), String.fromCharCode(unit));
      from = at + 3;
    }
    return parts.join('') + decoder.decode(bytes.subarray(from));
  }
}
