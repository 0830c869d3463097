import type { TextSource } from '../config/textSource.ts';
import { HEAD_BYTES } from '../config/textHead.ts';
import { newSha256 } from '../platform/hashing.ts';
import { fileChunks, fileInfo } from '../platform/files.ts';
import type { Text } from '../phrases/phrase.ts';
import { fileError, notAFile } from './inputError.ts';
import {
  assertMostlyValid,
  countLoneSurrogates,
  createDecoder,
  detectEncoding,
  type TextEncoding,
} from './textEncoding.ts';

/** Findings of reading a text to its end. */
export interface ReadReport {
  readonly bytes: number;
  readonly encoding: TextEncoding;
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

/** Returns the name of a source for messages: its path, or the name of the string. */
export function sourceName(source: TextSource): string {
  return source.kind === 'file' ? source.path : source.name;
}

/**
 * Opens a source for reading.
 * @throws InputError `not-found`, `not-a-file` or `unreadable`; the last also while reading
 */
export async function readText(source: TextSource, options: ReadOptions = {}): Promise<TextReader> {
  return source.kind === 'file'
    ? readTextFile(source.path, options)
    : readTextString(source.text, source.name, options);
}

async function readTextFile(path: string, { signal }: ReadOptions): Promise<TextReader> {
  const info = await fileInfo(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  // Opening a pipe would wait for a writer that may never come.
  if (!info.isFile) throw notAFile(path);
  return new TextReader(path, chunksOf(path), { totalBytes: info.size, signal });
}

/** Reads a string like a file with its UTF-8 encoding. */
function readTextString(text: string, name: string, { signal }: ReadOptions): TextReader {
  return new TextReader(name, stringChunks(text), {
    totalBytes: Buffer.byteLength(text),
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
  readonly #alreadyReplaced: number;
  readonly #signal: AbortSignal | undefined;
  #report: ReadReport | undefined;

  constructor(
    name: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: { totalBytes: number; alreadyReplaced?: number; signal?: AbortSignal | undefined },
  ) {
    this.name = name;
    this.totalBytes = options.totalBytes;
    this.#chunks = chunks;
    this.#alreadyReplaced = options.alreadyReplaced ?? 0;
    this.#signal = options.signal;
  }

  /** @throws Error if the text has not been read to its end */
  get report(): ReadReport {
    if (!this.#report) throw new Error(`"${this.name}" has not been read to its end yet.`);
    return this.#report;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<string> {
    const hash = newSha256();
    const lineEnds = new LineEndNormalizer();
    let encoding: TextEncoding = 'utf-8';
    let bomBytes = 0;
    let decoder = createDecoder(encoding);
    let units = 0;
    this.#signal?.throwIfAborted();
    for await (const chunk of withWholeHead(this.#chunks)) {
      this.#signal?.throwIfAborted();
      const isHead = this.bytesRead === 0;
      if (isHead) {
        ({ encoding, bomBytes } = detectEncoding(this.name, chunk));
        decoder = createDecoder(encoding);
      }
      hash.update(chunk);
      this.bytesRead += chunk.length;
      const text = lineEnds.push(decoder.decode(isHead ? chunk.subarray(bomBytes) : chunk));
      units += text.length;
      if (text !== '') yield text;
    }
    const rest = lineEnds.push(decoder.flush()) + lineEnds.flush();
    if (rest !== '') yield rest;
    assertMostlyValid(this.name, decoder.replaced, units + rest.length);
    this.#report = {
      bytes: this.bytesRead,
      encoding,
      bom: bomBytes > 0,
      crlf: lineEnds.changed,
      replaced: decoder.replaced + this.#alreadyReplaced,
      sha256: hash.digest('hex'),
      notes: [],
    };
  }
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* fileChunks(path, CHUNK_BYTES);
  } catch (error) {
    throw fileError(path, error);
  }
}

function* stringChunks(text: string): Generator<Uint8Array> {
  let start = 0;
  while (start < text.length) {
    const end = start + CHUNK_BYTES;
    const cutsPair = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    const piece = text.slice(start, cutsPair ? end - 1 : end);
    yield Buffer.from(piece);
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
    if (headBytes >= HEAD_BYTES) yield Buffer.concat(head);
  }
  if (headBytes > 0 && headBytes < HEAD_BYTES) yield Buffer.concat(head);
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
