import type { TextSource } from '../config/textSource.ts';
import { readText, type ReadOptions } from './textReader.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text, one after another, without their line ends. A line break at the very end opens no further line.
 * @throws InputError for a text that cannot be read
 */
export async function* readLines(source: TextSource, options: ReadOptions = {}): AsyncGenerator<Line, void, void> {
  let number = 0;
  let unfinished: string[] = [];
  for await (const piece of await readText(source, options)) {
    const [first = '', ...rest] = piece.split('\n');
    unfinished.push(first);
    for (const next of rest) {
      yield { number: ++number, text: unfinished.join('') };
      unfinished = [next];
    }
  }
  const last = unfinished.join('');
  if (last !== '') yield { number: number + 1, text: last };
}
