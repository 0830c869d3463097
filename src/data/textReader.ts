import { withoutCopyFolder } from '../config/copiedPath.ts';
import type { TextSource } from '../config/textSource.ts';
import { HEAD_BYTES } from '../config/textHead.ts';
import { newSha256 } from '../platform/hashing.ts';
import type { Text } from '../phrases/phrase.ts';
import { openFile } from './packed/byteFile.ts';
import { RawBytes, unpacked } from './packed/gzip.ts';
import { packedKind } from './packed/packedKind.ts';
import {
  asciiLength,
  assertMostlyValid,
  countLoneSurrogates,
  createDecoder,
  DECIDING_BYTES,
  encodingOfBytes,
  encodingOfHead,
  type FoundEncoding,
  type StreamDecoder,
} from './textEncoding.ts';
import { asciiText, joinBytes, utf8Bytes, utf8Length } from '../platform/bytes.ts';

/** Findings of reading a text to its end. */
export interface ReadReport {
  readonly bytes: number;
  /** WHATWG name of the encoding. */
  readonly encoding: string;
  /** True if the file had a byte order mark, which is not part of the text. */
  readonly bom: boolean;
  /** Number of line ends (CRLF and lone CR) converted to LF. */
  readonly crlf: number;
  /** Number of invalid sequences replaced by U+FFFD, not counting U+FFFD in the file itself. */
  readonly replaced: number;
  /** SHA-256 of the raw bytes in hex; for a string, of its UTF-8 encoding. */
  readonly sha256: string;
  /** What was assumed about the encoding. */
  readonly notes: readonly Text[];
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

const CHUNK_BYTES = 2 ** 20;
/** Bytes before those that decide about an encoding that are examined with them. */
const WORD_BYTES = 16;

/** Returns the name of a source for messages: its path, or the name of the string. A copy is named as its original. */
export function sourceName(source: TextSource): string {
  return source.kind === 'file' ? withoutCopyFolder(source.path) : source.name;
}

/**
 * Opens a source for reading.
 * @throws InputError `not-found`, `not-a-file` or `unreadable`; the last also while reading
 */
export async function readText(source: TextSource, options: ReadOptions = {}): Promise<TextReader> {
  return source.kind === 'file' ? readTextFile(source, options) : readTextString(source.text, source.name, options);
}

async function readTextFile(
  { path, reading }: TextSource & { readonly kind: 'file' },
  { signal }: ReadOptions,
): Promise<TextReader> {
  const encoding = reading?.encoding;
  const file = await openFile(path);
  const kind = await packedKind(file);
  if (kind === undefined) return new TextReader(path, file.chunks(), { totalBytes: file.size, encoding, signal });
  const raw = new RawBytes();
  const options = { totalBytes: file.size, signal, raw };
  if (kind === 'gzip') return new TextReader(path, unpacked(file, raw), { ...options, encoding });
  const { textOfTable } = await import('./packed/textOfTable.ts');
  return new TextReader(path, textOfTable(file, kind, raw, { reading, signal }), { ...options, encoding: 'utf-8' });
}

/** Reads a string like a file with its UTF-8 encoding. */
function readTextString(text: string, name: string, { signal }: ReadOptions): TextReader {
  return new TextReader(name, stringChunks(text), {
    totalBytes: utf8Length(text),
    encoding: 'utf-8',
    alreadyReplaced: countLoneSurrogates(text),
    signal,
  });
}

/**
 * Text of a file in chunks that never split a code point, without byte order mark and with LF line ends. It can be
 * iterated once; `report` is available afterwards. The text and the report do not depend on how the bytes are chunked.
 *
 * Iterating throws InputError `binary` or `unreadable`, or the signal's reason if it is aborted.
 */
export class TextReader implements AsyncIterable<string> {
  readonly name: string;
  readonly totalBytes: number;
  bytesRead = 0;
  readonly #chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly #encoding: string;
  readonly #alreadyReplaced: number;
  readonly #signal: AbortSignal | undefined;
  readonly #raw: Pick<RawBytes, 'bytes' | 'sha256'> | undefined;
  #decoding: Decoding | undefined;
  #report: ReadReport | undefined;

  constructor(
    name: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: {
      totalBytes: number;
      /** WHATWG name of the encoding; detected if omitted. */
      encoding?: string | undefined;
      alreadyReplaced?: number;
      signal?: AbortSignal | undefined;
      /** The bytes of the file, if the chunks are unpacked ones; they count and are hashed. */
      raw?: Pick<RawBytes, 'bytes' | 'sha256'> | undefined;
    },
  ) {
    this.name = name;
    this.totalBytes = options.totalBytes;
    this.#chunks = chunks;
    this.#encoding = options.encoding ?? 'auto';
    this.#alreadyReplaced = options.alreadyReplaced ?? 0;
    this.#signal = options.signal;
    this.#raw = options.raw;
  }

  /** What was assumed about the encoding, as far as the text has been read. */
  get notes(): readonly Text[] {
    const note = this.#decoding?.found.note;
    return note ? [note] : [];
  }

  /** @throws Error if the text has not been read to its end */
  get report(): ReadReport {
    if (!this.#report) throw new Error(`"${this.name}" has not been read to its end yet.`);
    return this.#report;
  }

  /** Reads the text for its report alone. */
  async readToEnd(): Promise<void> {
    const pieces = this[Symbol.asyncIterator]();
    while ((await pieces.next()).done !== true);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<string> {
    const hash = newSha256();
    const lineEnds = new LineEndNormalizer();
    const decoding = new Decoding(this.name, this.#encoding);
    this.#decoding = decoding;
    let units = 0;
    this.#signal?.throwIfAborted();
    for await (const chunk of withWholeHead(this.#chunks)) {
      this.#signal?.throwIfAborted();
      if (this.#raw) this.bytesRead = this.#raw.bytes;
      else {
        hash.update(chunk);
        this.bytesRead += chunk.length;
      }
      const text = lineEnds.push(decoding.push(chunk));
      units += text.length;
      if (text !== '') yield text;
    }
    const rest = lineEnds.push(decoding.flush()) + lineEnds.flush();
    if (rest !== '') yield rest;
    assertMostlyValid(this.name, decoding.replaced, units + rest.length);
    const { encoding, bomBytes } = decoding.found;
    if (this.#raw) this.bytesRead = this.#raw.bytes;
    this.#report = {
      bytes: this.bytesRead,
      encoding,
      bom: bomBytes > 0,
      crlf: lineEnds.changed,
      replaced: decoding.replaced + this.#alreadyReplaced,
      sha256: this.#raw?.sha256 ?? hash.digest('hex'),
      notes: this.notes,
    };
  }
}

/**
 * Decodes the bytes of a file that arrive in chunks, the first of which has the head of the file. Its encoding is known
 * from the head, or from a number of bytes after the first one that is not ASCII, however they are chunked.
 */
class Decoding {
  readonly #name: string;
  readonly #wanted: string;
  #found: FoundEncoding | undefined;
  #decoder: StreamDecoder | undefined;
  #isHead = true;
  /** ASCII before the held bytes, which shows the words that they are in. */
  #before: Uint8Array = new Uint8Array(0);
  /** Number of ASCII characters before the held bytes. */
  #ascii = 0;
  /** Bytes from the first one that is not ASCII, while the encoding is not known. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(name: string, wanted: string) {
    this.#name = name;
    this.#wanted = wanted;
  }

  get found(): FoundEncoding {
    return this.#found ?? { encoding: 'utf-8', bomBytes: 0 };
  }

  /** Number of invalid sequences so far. */
  get replaced(): number {
    return this.#decoder?.replaced ?? 0;
  }

  push(chunk: Uint8Array): string {
    if (this.#decoder) return this.#decoder.decode(chunk);
    if (this.#isHead) {
      this.#isHead = false;
      const found = encodingOfHead(this.#name, chunk, this.#wanted);
      if (found) return this.#decode(found, chunk.subarray(found.bomBytes));
    }
    const ascii = this.#heldBytes > 0 ? 0 : asciiLength(chunk);
    const text = asciiText(chunk.subarray(0, ascii));
    this.#ascii += ascii;
    if (ascii > 0) this.#before = chunk.slice(Math.max(0, ascii - WORD_BYTES), ascii);
    if (ascii === chunk.length) return text;
    // The chunk may be reused by its owner.
    this.#held.push(chunk.slice(ascii));
    this.#heldBytes += chunk.length - ascii;
    return text + (this.#heldBytes >= DECIDING_BYTES ? this.#decide() : '');
  }

  /** Returns the rest at the end of the input. */
  flush(): string {
    const text = this.#heldBytes > 0 && !this.#decoder ? this.#decide() : '';
    return text + (this.#decoder?.flush() ?? '');
  }

  #decide(): string {
    const held = joinBytes(this.#held);
    this.#held = [];
    const deciding = joinBytes([this.#before, held.subarray(0, DECIDING_BYTES)]);
    return this.#decode(encodingOfBytes(this.#name, deciding, this.#ascii), held);
  }

  #decode(found: FoundEncoding, bytes: Uint8Array): string {
    this.#found = found;
    this.#decoder = createDecoder(found.encoding);
    return this.#decoder.decode(bytes);
  }
}

function* stringChunks(text: string): Generator<Uint8Array> {
  let start = 0;
  while (start < text.length) {
    const end = start + CHUNK_BYTES;
    const cutsPair = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    const piece = text.slice(start, cutsPair ? end - 1 : end);
    yield utf8Bytes(piece);
    start += piece.length;
  }
}

/** Joins the first chunks until they contain the bytes that determine the encoding. */
async function* withWholeHead(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const head: Uint8Array[] = [];
  let headBytes = 0;
  for await (const chunk of chunks) {
    if (headBytes >= HEAD_BYTES) {
      yield chunk;
      continue;
    }
    head.push(chunk);
    headBytes += chunk.length;
    if (headBytes >= HEAD_BYTES) yield joinBytes(head);
  }
  if (headBytes > 0 && headBytes < HEAD_BYTES) yield joinBytes(head);
}

/** Converts CRLF and lone CR to LF in a text that arrives in chunks, and counts the changes. */
class LineEndNormalizer {
  /** Number of line ends changed so far. */
  changed = 0;
  /** True after a CR at the end of a chunk, because an LF at the start of the next chunk belongs to it. */
  #heldCarriageReturn = false;

  push(piece: string): string {
    const text = this.#heldCarriageReturn ? `\r${piece}` : piece;
    this.#heldCarriageReturn = text.endsWith('\r');
    return this.#normalize(this.#heldCarriageReturn ? text.slice(0, -1) : text);
  }

  /** Returns the rest at the end of the text. */
  flush(): string {
    const rest = this.#heldCarriageReturn ? '\r' : '';
    this.#heldCarriageReturn = false;
    return this.#normalize(rest);
  }

  #normalize(text: string): string {
    if (!text.includes('\r')) return text;
    for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) this.changed++;
    return text.replace(/\r\n?/g, '\n');
  }
}
