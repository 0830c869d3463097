import { HEAD_BYTES, MAX_INVALID_SHARE } from '../config/textHead.ts';
import { isUtf8 } from '../platform/system.ts';
import { InputError } from './inputError.ts';
import { phrase } from '../phrases/phrase.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const REPLACEMENT = '\uFFFD';
const REPLACEMENT_BYTES = new TextEncoder().encode(REPLACEMENT);

/** Unpaired surrogates: with the `u` flag, a pair matches as its single code point instead. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Detects the encoding of a file from its first bytes (all of them, or at least `HEAD_BYTES`).
 * @returns the encoding and the size of its byte order mark in bytes, 0 without one
 * @throws InputError `binary` for NUL characters or many invalid ones
 */
export function detectEncoding(name: string, head: Uint8Array): { encoding: TextEncoding; bomBytes: number } {
  const [encoding, bomBytes] = byteOrderMark(head);
  const decoder = createDecoder(encoding);
  const text = decoder.decode(head.subarray(bomBytes, HEAD_BYTES));
  if (text.includes('\0')) {
    throw new InputError(
      'binary',
      phrase('"{0}" is a binary file: it contains NUL. Choose a text file in UTF-8 or UTF-16.', name),
    );
  }
  assertMostlyValid(name, decoder.replaced, text.length);
  return { encoding, bomBytes };
}

/** @throws InputError `binary` if too many characters of a decoded text were replaced */
export function assertMostlyValid(name: string, replaced: number, characters: number): void {
  if (replaced <= MAX_INVALID_SHARE * characters) return;
  throw new InputError(
    'binary',
    phrase(
      '"{0}" is a binary file or in another encoding: {1} of the first {2} characters are not valid. Choose a text file, or save this one as UTF-8.',
      name,
      replaced,
      characters,
    ),
  );
}

function byteOrderMark(head: Uint8Array): [TextEncoding, number] {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return ['utf-8', 3];
  if (head[0] === 0xff && head[1] === 0xfe) return ['utf-16le', 2];
  if (head[0] === 0xfe && head[1] === 0xff) return ['utf-16be', 2];
  return ['utf-8', 0];
}

/** Returns the number of unpaired surrogates in a string, which no encoding can represent. */
export function countLoneSurrogates(text: string): number {
  return text.match(LONE_SURROGATE)?.length ?? 0;
}

export function createDecoder(encoding: TextEncoding): StreamDecoder {
  return encoding === 'utf-8' ? new Utf8Decoder() : new Utf16Decoder(encoding === 'utf-16be');
}

/**
 * Decodes bytes that arrive in chunks of any size. Incomplete characters are kept for the next chunk, so that each
 * chunk can be decoded separately. This distinguishes a replaced character from a U+FFFD in the file, which
 * `TextDecoder` does not.
 */
export abstract class StreamDecoder {
  /** Number of invalid sequences so far, each replaced by one U+FFFD. */
  replaced = 0;
  #held: Uint8Array = new Uint8Array(0);

  /** Returns the text of all complete characters in the kept bytes and these bytes. */
  decode(bytes: Uint8Array): string {
    const pending = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const end = this.completeLength(pending);
    this.#held = new Uint8Array(pending.subarray(end));
    return this.toText(asBuffer(pending.subarray(0, end)));
  }

  /** Returns the rest at the end of the input, where incomplete characters are invalid. */
  flush(): string {
    const held = this.#held;
    this.#held = new Uint8Array(0);
    return this.toText(asBuffer(held));
  }

  /** Returns the length at which the bytes can be split without splitting a character. */
  protected abstract completeLength(bytes: Uint8Array): number;

  protected abstract toText(bytes: Buffer): string;
}

class Utf8Decoder extends StreamDecoder {
  /** It is always safe to split before a lead byte, which ends any open sequence. */
  protected override completeLength(bytes: Uint8Array): number {
    for (let back = 1; back <= Math.min(3, bytes.length); back++) {
      const byte = bytes[bytes.length - back] ?? 0;
      if ((byte & 0xc0) !== 0x80) return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
    }
    return bytes.length;
  }

  protected override toText(bytes: Buffer): string {
    const text = bytes.toString('utf8');
    if (!isUtf8(bytes)) this.replaced += occurrences(text, REPLACEMENT) - occurrences(bytes, REPLACEMENT_BYTES);
    return text;
  }
}

class Utf16Decoder extends StreamDecoder {
  readonly #bigEndian: boolean;

  constructor(bigEndian: boolean) {
    super();
    this.#bigEndian = bigEndian;
  }

  protected override completeLength(bytes: Uint8Array): number {
    const even = bytes.length & ~1;
    const highByte = bytes[this.#bigEndian ? even - 2 : even - 1] ?? 0;
    const endsInHighSurrogate = (highByte & 0xfc) === 0xd8;
    return endsInHighSurrogate ? even - 2 : even;
  }

  protected override toText(bytes: Buffer): string {
    const even = bytes.subarray(0, bytes.length & ~1);
    const text = (this.#bigEndian ? Buffer.from(even).swap16() : even).toString('utf16le');
    const oddByte = bytes.length - even.length;
    const lone = countLoneSurrogates(text);
    this.replaced += lone + oddByte;
    return (lone > 0 ? text.replace(LONE_SURROGATE, REPLACEMENT) : text) + REPLACEMENT.repeat(oddByte);
  }
}

/** Returns the length of the UTF-8 sequence that a lead byte starts; 1 for ASCII and for all other bytes. */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 1;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function occurrences<T>(text: { indexOf(part: T, from?: number): number }, part: T): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) count++;
  return count;
}
