import type { Generator } from '../../random/generator.ts';
import type { SyntheticTask } from './sequenceBatch.ts';

/** What hides the marks, and the marks. Their places are their ids. */
export const SYMBOLS = ['a', 'b', 'c', 'd', 'X', 'Y'] as const;
const DISTRACTORS = 4;

/** Classes by the order of the marks. */
export const ORDERS = ['XX', 'XY', 'YX', 'YY'] as const;

/**
 * The temporal order problem (Hochreiter and Schmidhuber 1997, task 6a, in the form of Pascanu et al. 2013): two marks,
 * each X or Y, at places drawn from [L/10, 2L/10) and [5L/10, 6L/10) of a sequence of L random letters, and the class
 * of their order asked for at its end.
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

/** A step of [from * timeSteps, to * timeSteps). */
function place(from: number, to: number, timeSteps: number, generator: Generator): number {
  const start = Math.ceil(from * timeSteps);
  return start + generator.nextBelow(Math.ceil(to * timeSteps) - start);
}
