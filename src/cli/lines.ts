import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { fileError } from '../data/inputError.ts';

/**
 * Lines of a file, or of the standard input if no file is given. @throws InputError if the file cannot be read
 */
export async function readLines(file: string | undefined): Promise<string[]> {
  const text =
    file === undefined
      ? await readAll(process.stdin)
      : await readFile(resolve(file), 'utf8').catch((error: unknown) => {
          throw fileError(file, error);
        });
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
