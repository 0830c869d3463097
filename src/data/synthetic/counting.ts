import { emptyBatch, type StepwiseTask } from './stepwiseTask.ts';

const [A, X, B] = [0, 1, 2];
const [NEXT_IS_B, NEXT_IS_END] = [0, 1];

/** Largest n for which `a^n X b^n` fits into the time steps. */
const largestCount = (timeSteps: number): number => Math.floor((timeSteps - 1) / 2);

/**
 * Counting: `a^n X b^n`, with n drawn uniformly from 1 to the largest that fits. From X on, the next symbol is
 * predictable: b while there are fewer b than a, then the end. The symbols up to X are not predictable and do not
 * count; neither does padding.
 */
export const counting: StepwiseTask = {
  inputSymbols: ['a', 'X', 'b'],
  outputSymbols: ['b', 'end'],
  minTimeSteps: 3,
  // X is always followed by b. A b is followed by the end with a probability of 1 / (mean number of b).
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
