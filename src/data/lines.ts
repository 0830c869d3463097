import type { TextSource } from '../config/textSource.ts';
import { readText, type ReadOptions } from './textReader.ts';

export interface Line {
  /** Line number from 1. */
  readonly number: number;
  readonly text: string;
}

/**
 * Yields the lines of a text without their line ends. A line break at the very end does not start another line.
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
