import { InputError, type RowProblem } from '../inputError.ts';
import { readLines } from '../lines.ts';
import type { TextSource } from '../../config/textSource.ts';
import { type ReadOptions, sourceName } from '../textReader.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/** Pretrained word vectors for a vocabulary. */
export interface WordVectors {
  readonly dimensions: number;
  /** `[words, dimensions]`, in the order of the requested words; zeros for words that are not in the file. */
  readonly vectors: Float32Array;
  /** Number of requested words in the file. */
  readonly found: number;
  /** Unusable rows of requested words. */
  readonly problems: readonly RowProblem[];
}

/** Header line of word2vec with the numbers of words and dimensions; GloVe has none. */
const HEADER = /^\d+ \d+$/;

/**
 * Reads the vectors of some words from the text format of GloVe and word2vec: a word and its numbers per line,
 * separated by spaces. The file may be of any size, because other rows are skipped. If a word occurs twice, its first
 * vector is used.
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
    // A row with more values than dimensions belongs to another word, which contains spaces.
    if (values.length > dimensions) continue;
    const reason = problemOf(values, dimensions);
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
      phrase('"{0}" has no word vectors. Choose a file in the text format of GloVe or word2vec.', sourceName(source)),
    );
  return { dimensions, vectors, found, problems };
}

function dimensionsOf(line: string, name: string, number: number): number {
  const values = line.split(' ').slice(1);
  if (values.length > 0 && problemOf(values, values.length) === undefined) return values.length;
  throw new InputError(
    'not-vectors',
    phrase(
      '"{0}" has no word vectors: line {1} is not a word followed by numbers, separated by spaces. Choose a file in the text format of GloVe or word2vec.',
      name,
      number,
    ),
  );
}

function problemOf(values: readonly string[], dimensions: number): Text | undefined {
  if (values.length < dimensions) return phrase('{0} of the {1} numbers needed', values.length, dimensions);
  const invalid = values.find((value) => value === '' || !Number.isFinite(Number(value)));
  return invalid === undefined ? undefined : phrase('{0} is not a number', JSON.stringify(invalid));
}
