import { HEAD_BYTES, MAX_INVALID_SHARE } from '../config/textHead.ts';
import { isAscii, isUtf8 } from '../platform/system.ts';
import { InputError } from './inputError.ts';
import { basename } from 'node:path';
import { analyse } from 'chardet';
import { phrase, type Text } from '../phrases/phrase.ts';
import { indexOfBytes, joinBytes, utf16Text, utf8Text } from '../platform/bytes.ts';

const REPLACEMENT = '\uFFFD';
const REPLACEMENT_BYTES = new TextEncoder().encode(REPLACEMENT);

/** Unpaired surrogates: with the `u` flag, a pair matches as its single code point instead. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Encoding of a file by its WHATWG name. */
export interface FoundEncoding {
  readonly encoding: string;
  /** Size of the byte order mark, 0 without one. */
  readonly bomBytes: number;
  /** What was assumed; undefined if the file says it, or the user does. */
  readonly note?: Text;
}

/** Bytes from the first one that is not ASCII that decide about an encoding without a mark. */
export const DECIDING_BYTES = 65_536;

/**
 * Returns the encoding that a user names by its WHATWG name.
 * @throws InputError for a name that is not known
 */
function encodingNamed(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw new InputError(
      'unknown-encoding',
      phrase(
        'data.encoding: "{0}" is not the name of an encoding. Use one such as utf-8, utf-16le, windows-1252, koi8-r, gb18030, big5, shift_jis, euc-jp or euc-kr.',
        label,
      ),
      { fields: ['data.encoding'] },
    );
  }
}

/**
 * Determines the encoding of a file from its first bytes (all of them, or at least `HEAD_BYTES`).
 * @param wanted name of an encoding, or "auto"
 * @returns undefined if the bytes are ASCII, so that later ones decide
 * @throws InputError `binary` for NUL characters, `unknown-encoding` for an encoding that does not exist
 */
export function encodingOfHead(name: string, head: Uint8Array, wanted: string): FoundEncoding | undefined {
  const [marked, bomBytes] = byteOrderMark(head);
  if (wanted !== 'auto') {
    const encoding = encodingNamed(wanted);
    return { encoding, bomBytes: marked === encoding ? bomBytes : 0 };
  }
  const start = head.subarray(0, HEAD_BYTES);
  const unmarked = bomBytes === 0 ? utf16Pattern(start) : undefined;
  if (unmarked !== undefined) return { encoding: unmarked, bomBytes: 0, note: detectedNote(name, unmarked) };
  const decoder = createDecoder(marked);
  if (decoder.decode(start.subarray(bomBytes)).includes('\0')) {
    throw new InputError(
      'binary',
      phrase(
        '"{0}" is a binary file: it contains NUL. Choose a text file, or set data.encoding to its encoding.',
        name,
      ),
      { fields: ['data.encoding'] },
    );
  }
  if (bomBytes === 0) return undefined;
  assertMostlyValid(name, decoder.replaced, start.length);
  return { encoding: marked, bomBytes };
}

/** Place of the first byte that is not ASCII; the length if there is none. */
export function asciiLength(bytes: Uint8Array): number {
  if (isAscii(bytes)) return bytes.length;
  let at = 0;
  while (at < bytes.length && bytes[at]! < 0x80) at++;
  return at;
}

/**
 * Determines the encoding of a file without a mark: UTF-8 if the bytes are, or else the encoding that a detection by the
 * frequencies of characters finds, if the text makes sense in it.
 * @param bytes about `DECIDING_BYTES` bytes, which may end within a character
 * @param before number of characters before them
 * @throws InputError `binary` if too many characters are not valid in UTF-8, and no other encoding is likely
 */
export function encodingOfBytes(name: string, bytes: Uint8Array, before: number): FoundEncoding {
  const decoder = createDecoder('utf-8');
  const text = decoder.decode(bytes);
  const others = Array.from(text).filter((character) => character > '\x7f').length;
  // Another encoding rarely forms valid sequences of UTF-8: a few invalid ones among them are damage.
  if (others > 2 * decoder.replaced || decoder.replaced === 0) return { encoding: 'utf-8', bomBytes: 0 };
  const [first] = likelyEncodings(bytes);
  if (first !== undefined) return { encoding: first, bomBytes: 0, note: detectedNote(name, first) };
  assertMostlyValid(name, decoder.replaced, before + text.length);
  return { encoding: 'utf-8', bomBytes: 0 };
}

function detectedNote(name: string, encoding: string): Text {
  return phrase(
    '"{0}" is read in the encoding {1}, as its bytes suggest. Set data.encoding if it is another one.',
    basename(name),
    encoding,
  );
}

/** Confidence of the detection, of 100, from which an encoding is used. */
const CONFIDENT = 15;
/** Fraction of the characters beyond ASCII that have to make sense. */
const SENSE = 0.9;
/** Bytes that are not ASCII below which only the most common encoding is taken for likely. */
const FEW_BYTES = 8;
const MOST_COMMON = 'windows-1252';

/** The windows encoding of each ISO encoding, which has letters where the latter has control characters. */
const WINDOWS: Readonly<Record<string, string>> = {
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-2': 'windows-1250',
  'ISO-8859-7': 'windows-1253',
  'ISO-8859-8': 'windows-1255',
  'ISO-8859-9': 'windows-1254',
  'ISO-8859-6': 'windows-1256',
};

// eslint-disable-next-line lab/translated -- names of encodings
const OTHERS = ['ISO-8859-5', 'KOI8-R', 'GB18030', 'Big5', 'Shift_JIS', 'EUC-JP', 'EUC-KR', 'windows-1257'];

/** The encoding of Russian texts of DOS, which the detection lacks, and one that it has for the same letters. */
const DOS = 'IBM866';
const SAME_LETTERS = 'windows-1251';

/** The encodings that are detected, by the names that the detection has for them. */
const DETECTED: ReadonlySet<string> = new Set([
  ...Object.keys(WINDOWS),
  ...['windows-1250', 'windows-1251', 'windows-1252', 'windows-1253', 'windows-1254', 'windows-1255', 'windows-1256'],
  ...OTHERS,
  DOS,
]);

/** Encodings in which bytes are likely to be text, most likely first. */
function likelyEncodings(bytes: Uint8Array): string[] {
  const hasControls = bytes.some((byte) => byte >= 0x80 && byte < 0xa0);
  const found = [...analyse(bytes), { name: DOS, confidence: confidenceInDos(bytes) }]
    .filter(({ name, confidence }) => DETECTED.has(name) && confidence >= CONFIDENT)
    .sort((a, b) => b.confidence - a.confidence)
    .map(({ name }) => nameOfDetected(name, bytes, hasControls));
  const few = bytes.reduce((sum, byte) => sum + (byte >= 0x80 ? 1 : 0), 0) < FEW_BYTES;
  return [...new Set(few ? [MOST_COMMON] : found)].filter(
    (encoding) => sense(new TextDecoder(encoding).decode(bytes)) >= SENSE,
  );
}

/** Confidence in IBM866: that in the encoding with the same letters, for the text in it. */
function confidenceInDos(bytes: Uint8Array): number {
  const letters = bytes.map((byte) => DOS_LETTERS[byte] ?? byte);
  return analyse(letters).find(({ name }) => name === SAME_LETTERS)?.confidence ?? 0;
}

/** Bytes of windows-1251 for those of IBM866 beyond ASCII: the same letters, and blanks for what is drawn. */
const DOS_LETTERS: Readonly<Record<number, number>> = Object.fromEntries(
  Array.from({ length: 0x80 }, (_, at) => {
    const byte = 0x80 + at;
    if (byte < 0xb0) return [byte, byte + 0x40];
    if (byte >= 0xe0 && byte < 0xf0) return [byte, byte + 0x10];
    return [byte, { 0xf0: 0xa8, 0xf1: 0xb8 }[byte] ?? 0x20];
  }),
);

function nameOfDetected(name: string, bytes: Uint8Array, hasControls: boolean): string {
  // Characters of four bytes, of which the second is a digit, are those that GBK lacks.
  if (name === 'GB18030') return bytes.some((byte, at) => byte >= 0x81 && isFourBytes(bytes, at)) ? 'gb18030' : 'gbk';
  const windows = WINDOWS[name];
  const encoding =
    windows !== undefined && (hasControls || name === 'ISO-8859-1' || name === 'ISO-8859-8') ? windows : name;
  return new TextDecoder(encoding).encoding;
}

function isFourBytes(bytes: Uint8Array, at: number): boolean {
  const isDigit = (byte = 0) => byte >= 0x30 && byte <= 0x39;
  return isDigit(bytes[at + 1]) && (bytes[at + 2] ?? 0) >= 0x81 && isDigit(bytes[at + 3]);
}

const LETTER = /[\p{L}\p{M}]/u;
const PUNCTUATION = /[\p{P}\u00a0\u3000]/u;
const SIGN = /[\p{S}\p{N}]/u;

/**
 * Fraction of the characters beyond ASCII that make sense: letters next to letters, punctuation marks, and signs that
 * are not within words.
 */
function sense(text: string): number {
  const characters = Array.from(text);
  let count = 0;
  let good = 0;
  characters.forEach((character, at) => {
    if (character <= '\x7f') return;
    const before = characters[at - 1] ?? ' ';
    const after = characters[at + 1] ?? ' ';
    count++;
    if (LETTER.test(character)) {
      if (LETTER.test(before) || LETTER.test(after) || (!SIGN.test(before) && !SIGN.test(after))) good++;
    } else if (PUNCTUATION.test(character)) good++;
    else if (SIGN.test(character) && !LETTER.test(before) && !LETTER.test(after)) good++;
  });
  return count === 0 ? 0 : good / count;
}

/** Fraction of the pairs of bytes that are both printable ASCII, above which a file with zeros is binary. */
const WORDS = 0.9;

/**
 * UTF-16 without a mark: of the two bytes of a character, the one with fewer different values says its script and is the
 * high one. The text has to make sense.
 */
function utf16Pattern(head: Uint8Array): string | undefined {
  const pairs = Math.floor(head.length / 2);
  if (!head.includes(0)) return undefined;
  const values = [new Set<number>(), new Set<number>()] as const;
  let words = 0;
  for (let at = 0; at < 2 * pairs; at += 2) {
    const [first, second] = [head[at]!, head[at + 1]!];
    values[0].add(first);
    values[1].add(second);
    if (isPrintable(first) && isPrintable(second)) words++;
  }
  if (words > WORDS * pairs) return undefined;
  const encoding = values[0].size < values[1].size ? 'utf-16be' : 'utf-16le';
  const text = createDecoder(encoding).decode(head.subarray(0, 2 * pairs));
  if (text.includes(REPLACEMENT) || CONTROLS.test(text)) return undefined;
  return /^[\t-\r\x20-\x7e]*$/.test(text) || sense(text) >= SENSE ? encoding : undefined;
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

// eslint-disable-next-line no-control-regex -- control characters that no text has
const CONTROLS = /[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]/;

/** @throws InputError `binary` if too many characters of a decoded text were replaced */
export function assertMostlyValid(name: string, replaced: number, characters: number): void {
  if (replaced <= MAX_INVALID_SHARE * characters) return;
  throw new InputError(
    'binary',
    phrase(
      '"{0}" is a binary file or in another encoding: {1} of the first {2} characters are not valid. Choose a text file, set data.encoding to its encoding, such as windows-1252 or gb18030, or save it as UTF-8.',
      name,
      replaced,
      characters,
    ),
    { fields: ['data.encoding'] },
  );
}

function byteOrderMark(head: Uint8Array): [encoding: string, bytes: number] {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return ['utf-8', 3];
  if (head[0] === 0xff && head[1] === 0xfe) return ['utf-16le', 2];
  if (head[0] === 0xfe && head[1] === 0xff) return ['utf-16be', 2];
  return ['utf-8', 0];
}

/** Returns the number of unpaired surrogates in a string, which no encoding can represent. */
export function countLoneSurrogates(text: string): number {
  return text.match(LONE_SURROGATE)?.length ?? 0;
}

/** Creates a decoder for an encoding by its WHATWG name. */
export function createDecoder(encoding: string): StreamDecoder {
  if (encoding === 'utf-8') return new Utf8Decoder();
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return new Utf16Decoder(encoding === 'utf-16be');
  return new TableDecoder(encoding);
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
    const pending = this.#held.length === 0 ? bytes : joinBytes([this.#held, bytes]);
    const end = this.completeLength(pending);
    this.#held = new Uint8Array(pending.subarray(end));
    return this.toText(pending.subarray(0, end));
  }

  /** Returns the rest at the end of the input, where incomplete characters are invalid. */
  flush(): string {
    const held = this.#held;
    this.#held = new Uint8Array(0);
    return this.toText(held);
  }

  /** Returns the length at which the bytes can be split without splitting a character. */
  protected abstract completeLength(bytes: Uint8Array): number;

  protected abstract toText(bytes: Uint8Array): string;
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

  protected override toText(bytes: Uint8Array): string {
    const text = utf8Text(bytes);
    if (!isUtf8(bytes)) this.replaced += occurrences(text, REPLACEMENT) - encodedReplacements(bytes);
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

  protected override toText(bytes: Uint8Array): string {
    const even = bytes.subarray(0, bytes.length & ~1);
    const text = utf16Text(even, this.#bigEndian);
    const oddByte = bytes.length - even.length;
    const lone = countLoneSurrogates(text);
    this.replaced += lone + oddByte;
    return (lone > 0 ? text.replace(LONE_SURROGATE, REPLACEMENT) : text) + REPLACEMENT.repeat(oddByte);
  }
}

/** Decodes an encoding of `TextDecoder`, which keeps incomplete characters itself. */
class TableDecoder extends StreamDecoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;

  constructor(encoding: string) {
    super();
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
  }

  override flush(): string {
    return this.#counted(this.#decoder.decode());
  }

  protected override completeLength(bytes: Uint8Array): number {
    return bytes.length;
  }

  protected override toText(bytes: Uint8Array): string {
    return this.#counted(this.#decoder.decode(bytes, { stream: true }));
  }

  #counted(text: string): string {
    this.replaced += occurrences(text, REPLACEMENT);
    return text;
  }
}

/** Returns the length of the UTF-8 sequence that a lead byte starts; 1 for ASCII and for all other bytes. */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 1;
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) count++;
  return count;
}

/** Number of times that U+FFFD is in bytes in UTF-8. */
function encodedReplacements(bytes: Uint8Array): number {
  let count = 0;
  const next = (from: number) => indexOfBytes(bytes, REPLACEMENT_BYTES, from);
  for (let at = next(0); at >= 0; at = next(at + 1)) count++;
  return count;
}
