import { InputError, type RowProblem } from '../inputError.ts';
import { readLines } from '../lines.ts';
import type { TextSource } from '../../config/textSource.ts';
import { type ReadOptions, sourceName } from '../textReader.ts';

/** Pretrained vectors of the words of a vocabulary. */
export interface WordVectors {
  readonly dimensions: number;
  /** `[words, dimensions]`, in the order of the words asked for; zeros for those that the file does not have. */
  readonly vectors: Float32Array;
  /** How many of the words the file has. */
  readonly found: number;
  /** Rows of words asked for that could not be used. */
  readonly problems: readonly RowProblem[];
}

/** word2vec writes the number of words and of dimensions in a line of its own; GloVe does not. */
const HEADER = /^\d+ \d+$/;

/**
 * Reads the vectors of some words from the text format of GloVe and word2vec: a word and its numbers a line, with
 * spaces between. The file may be of any size: rows of other words are passed over. A word that comes twice has its
 * first vector.
 * @throws InputError for a file that cannot be read or does not begin with such a row
 */
export async function readWordVectors(
  source: TextSource,
  words: readonly string[],
  options: ReadOptions = {},
): Promise<WordVectors> {
  const wanted = new Map(words.map((word, row) => [word, row]));
  const problems: RowProblem[] = [];
  let dimensions = 0;
  let vectors = new Float32Array(0);
  let found = 0;
  for await (const { number, text } of readLines(source, options)) {
    const line = text.trimEnd();
    if (line === '' || (number === 1 && HEADER.test(line))) continue;
    if (dimensions === 0) {
      dimensions = dimensionsOf(line, sourceName(source), number);
      vectors = new Float32Array(words.length * dimensions);
    }
    const row = wanted.get(line.slice(0, line.indexOf(' ')));
    if (row === undefined) continue;
    const values = line.split(' ').slice(1);
    // More numbers than dimensions: what looks like the first of them belongs to a word with spaces, which is another
    // word.
    if (values.length > dimensions) continue;
    const reason = reasonAgainst(values, dimensions);
    if (reason !== undefined) {
      problems.push({ line: number, reason });
      continue;
    }
    wanted.delete(words[row]!);
    vectors.set(values.map(Number), row * dimensions);
    found++;
  }
  if (dimensions === 0)
    throw new InputError(
      'empty',
      `"${sourceName(source)}" has no word vectors. Choose a file of GloVe or word2vec in text form.`,
    );
  return { dimensions, vectors, found, problems };
}

function dimensionsOf(line: string, name: string, number: number): number {
  const values = line.split(' ').slice(1);
  if (values.length > 0 && reasonAgainst(values, values.length) === undefined) return values.length;
  throw new InputError(
    'not-vectors',
    `"${name}" has no word vectors: line ${number} is not a word and its numbers, with spaces between. Choose a file of GloVe or word2vec in text form.`,
  );
}

function reasonAgainst(values: readonly string[], dimensions: number): string | undefined {
  if (values.length < dimensions) return `${values.length} of the ${dimensions} numbers needed`;
  const wrong = values.find((value) => value === '' || !Number.isFinite(Number(value)));
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} is not a number`;
}
