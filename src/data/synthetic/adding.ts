import type { SyntheticTask } from './sequenceBatch.ts';

/** Each step is a number and whether it is marked. */
const WIDTH = 2;

/**
 * The adding problem (Hochreiter and Schmidhuber 1997, task 4, in the form of Le et al. 2015): numbers drawn uniformly
 * from [0, 1), of which one in each half of the sequence is marked by a 1 beside it; the sum of those two is asked for
 * at the end. Always answering 1, the mean, errs by the variance of that sum: 1/6.
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
