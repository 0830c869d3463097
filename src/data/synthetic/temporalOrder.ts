import type { Generator } from '../../random/generator.ts';
import type { SyntheticTask } from './sequenceBatch.ts';

/** Distractors and marks by id. */
const SYMBOLS = ['a', 'b', 'c', 'd', 'X', 'Y'] as const;
const DISTRACTORS = 4;

/** Classes, named after the order of the marks. */
const ORDERS = ['XX', 'XY', 'YX', 'YY'] as const;

/**
 * Temporal order problem (Hochreiter and Schmidhuber 1997, task 6a, in the form of Pascanu et al. 2013): a sequence of
 * L random letters contains two marks, each X or Y, at steps drawn from [L/10, 2L/10) and [5L/10, 6L/10). The target is
 * the class of their order.
 */
export const temporalOrder: SyntheticTask = {
  inputs: SYMBOLS.length,
  inputKind: 'ids',
  outputs: ORDERS.length,
  outputKind: 'class',
  minTimeSteps: 10,
  baselines: { guess: Math.log(ORDERS.length) },
  generate(timeSteps, batch, generator) {
    const inputs = Int32Array.from({ length: timeSteps * batch }, () => generator.nextBelow(DISTRACTORS));
    const targets = Int32Array.from({ length: batch }, (_, sequence) => {
      const [first, second] = [generator.nextBelow(2), generator.nextBelow(2)];
      inputs[place(0.1, 0.2, timeSteps, generator) * batch + sequence] = DISTRACTORS + first;
      inputs[place(0.5, 0.6, timeSteps, generator) * batch + sequence] = DISTRACTORS + second;
      return 2 * first + second;
    });
    return { timeSteps, batch, inputs, targets };
  },
};

/** Draws a step from [from * timeSteps, to * timeSteps). */
function place(from: number, to: number, timeSteps: number, generator: Generator): number {
  const start = Math.ceil(from * timeSteps);
  return start + generator.nextBelow(Math.ceil(to * timeSteps) - start);
}
