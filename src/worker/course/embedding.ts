import { DIMENSIONS } from '../../protocol/lessons/texts.ts';
import { Generator } from '../../random/generator.ts';

/** Embedding matrix of a lesson `[words, DIMENSIONS]`: given rows, and random ones for the other words. */
export function embeddingMatrix(
  words: readonly string[],
  given: Readonly<Record<string, readonly number[]>>,
): number[] {
  return words.flatMap((word) => (Object.hasOwn(given, word) ? given[word]! : randomRow(word)));
}

/** Random row that is always the same for a word; rounded so that it can be read. */
function randomRow(word: string): number[] {
  const generator = Generator.forPurpose(1, `embedding of ${word}`);
  return Array.from({ length: DIMENSIONS }, () => Math.round(100 * generator.nextNormal()) / 100);
}
