import type { PairTask } from './pairTask.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Reversing: random letters, backwards. What comes in first is to be written last, so the whole word has to be kept.
 * @param longest letters of the longest words; lengths are drawn uniformly from 1 on
 */
export function reversing(longest: number): PairTask {
  return {
    generate: (count, generator) =>
      Array.from({ length: count }, () => {
        const letters = Array.from(
          { length: 1 + generator.nextBelow(longest) },
          () => LETTERS[generator.nextBelow(LETTERS.length)]!,
        );
        return { source: letters.join(''), target: letters.toReversed().join('') };
      }),
  };
}
