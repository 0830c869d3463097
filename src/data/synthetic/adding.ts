import type { SyntheticTask } from './sequenceBatch.ts';

/** Inputs per step: a number and its mark, 0 or 1. */
const WIDTH = 2;

/**
 * Adding problem (Hochreiter and Schmidhuber 1997, task 4, in the form of Le et al. 2015). The inputs are numbers drawn
 * uniformly from [0, 1), of which one in each half of the sequence is marked; the target is the sum of these two.
 * Always predicting the mean 1 has a mean squared error equal to the variance of the sum, 1/6.
 */
export const adding: SyntheticTask = {
  inputs: WIDTH,
  inputKind: 'vectors',
  outputs: 1,
  outputKind: 'number',
  minTimeSteps: 2,
  baselines: { 'always 1': 1 / 6 },
  generate(timeSteps, batch, generator) {
    const inputs = new Float32Array(timeSteps * batch * WIDTH);
    for (let at = 0; at < inputs.length; at += WIDTH) inputs[at] = generator.nextUniform();
    const half = Math.floor(timeSteps / 2);
    const targets = Float32Array.from({ length: batch }, (_, sequence) => {
      const steps = [generator.nextBelow(half), half + generator.nextBelow(timeSteps - half)];
      return steps.reduce((sum, step) => {
        const at = (step * batch + sequence) * WIDTH;
        inputs[at + 1] = 1;
        return sum + inputs[at]!;
      }, 0);
    });
    return { timeSteps, batch, inputs, targets };
  },
};
