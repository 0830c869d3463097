import { emptyBatch, type StepwiseTask } from './stepwiseTask.ts';

const [A, X, B] = [0, 1, 2];
const [NEXT_IS_B, NEXT_IS_END] = [0, 1];

/** The largest n for which `a^n X b^n` fits into some steps. */
const largestCount = (timeSteps: number): number => Math.floor((timeSteps - 1) / 2);

/**
 * Counting: `a^n X b^n`, n drawn uniformly from 1 to the largest that fits. From X on the next symbol is to be
 * foretold, which is known: b as long as there were fewer b than a, then the end. What comes before X cannot be known
 * and does not count; nor do the steps that fill up shorter sequences.
 */
export const counting: StepwiseTask = {
  inputSymbols: ['a', 'X', 'b'],
  outputSymbols: ['b', 'end'],
  minTimeSteps: 3,
  // After X comes b for certain; after a b comes the end with a probability of one in as many b as there are on
  // average.
  guessLoss(timeSteps) {
    const meanCount = (largestCount(timeSteps) + 1) / 2;
    const end = 1 / meanCount;
    const afterB = end < 1 ? -end * Math.log(end) - (1 - end) * Math.log(1 - end) : 0;
    return (meanCount * afterB) / (meanCount + 1);
  },
  generate(timeSteps, batch, generator) {
    const sequences = emptyBatch(counting, timeSteps, batch);
    sequences.inputs.fill(B);
    for (let sequence = 0; sequence < batch; sequence++) {
      const count = 1 + generator.nextBelow(largestCount(timeSteps));
      for (let step = 0; step < count; step++) sequences.inputs[step * batch + sequence] = A;
      sequences.inputs[count * batch + sequence] = X;
      for (let step = count; step <= 2 * count; step++) {
        sequences.targets[step * batch + sequence] = step < 2 * count ? NEXT_IS_B : NEXT_IS_END;
        sequences.weights[step * batch + sequence] = 1;
      }
    }
    return sequences;
  },
};
