import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { autoReading, type Reading } from '../config/reading.ts';
import { readLines as linesOf } from '../data/lines.ts';

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
