import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { autoReading, type Reading } from '../config/reading.ts';
import { fileError, InputError } from '../data/inputError.ts';
import { readLines as linesOf } from '../data/lines.ts';
import { TextReader } from '../data/textReader.ts';
import { formatBytes } from '../format/bytes.ts';
import { phrase } from '../phrases/phrase.ts';
import { fileChunks } from '../platform/files.ts';

/**
 * Lines of a file in its encoding, or of the standard input in UTF-8 if no file is given.
 * @throws InputError if the file cannot be read
 */
export async function readLines(file: string | undefined, reading: Partial<Reading> = {}): Promise<string[]> {
  if (file === undefined) {
    const lines = (await readAll(process.stdin)).split(/\r?\n/);
    return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  }
  const lines: string[] = [];
  for await (const { text } of linesOf({ kind: 'file', path: resolve(file), reading: { ...autoReading, ...reading } }))
    lines.push(text);
  return lines;
}

/** Most bytes of a text that is read as a whole, such as a note or a configuration. */
const MOST_BYTES = 16 * 2 ** 20;
const CHUNK_BYTES = 2 ** 16;

/**
 * The text of a small file, or of a pipe, in its encoding, without byte order mark and with LF line ends.
 * @throws InputError if it cannot be read, is binary or larger than 16 MB
 */
export async function readSmallText(file: string): Promise<string> {
  const reader = new TextReader(file, fileChunks(resolve(file), CHUNK_BYTES), { totalBytes: 0 });
  let text = '';
  try {
    for await (const piece of reader) {
      text += piece;
      if (reader.bytesRead > MOST_BYTES) throw tooLarge(file);
    }
  } catch (error) {
    throw fileError(file, error);
  }
  return text;
}

function tooLarge(file: string): InputError {
  return new InputError(
    'unreadable',
    phrase('"{0}" is too large: it has more than {1}. Name a smaller file.', file, formatBytes(MOST_BYTES)),
  );
}
