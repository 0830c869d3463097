import type { PairTask } from './pairTask.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Reversing: the target is a random word in reverse. The first letter comes last, so the model must remember the whole
 * word.
 * @param longest maximum number of letters; lengths are drawn uniformly from 1 to this number
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
