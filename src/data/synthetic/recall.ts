import type { SyntheticTask } from './sequenceBatch.ts';

/** Distractors and letters by id. */
const DIGITS = 10;
const LETTERS = ['A', 'B', 'C', 'D'] as const;

/**
 * Recall after a delay (the latch problem of Bengio et al. 1994 with several classes): a sequence of random digits with
 * one random letter `distance` steps before its last step. The target is the letter.
 */
export function recall(distance: number): SyntheticTask {
  return {
    inputs: DIGITS + LETTERS.length,
    inputKind: 'ids',
    outputs: LETTERS.length,
    outputKind: 'class',
    minTimeSteps: distance + 1,
    baselines: { guess: Math.log(LETTERS.length) },
    generate(timeSteps, batch, generator) {
      const inputs = Int32Array.from({ length: timeSteps * batch }, () => generator.nextBelow(DIGITS));
      const targets = Int32Array.from({ length: batch }, (_, sequence) => {
        const letter = generator.nextBelow(LETTERS.length);
        inputs[(timeSteps - 1 - distance) * batch + sequence] = DIGITS + letter;
        return letter;
      });
      return { timeSteps, batch, inputs, targets };
    },
  };
}
