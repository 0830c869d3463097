import type { Trajectory } from '../layers/jacobian/stateJacobian.ts';
import type { DirectionFlow } from './gradientFlow.ts';

/**
 * Trajectory of one sequence of a batch.
 * @param flow with the outputs of the forward kernel, each `[timeSteps, batch, width]`
 * @param sequence index of the sequence in the batch
 */
export function trajectoryOf(
  { cell, initial, outputs }: DirectionFlow,
  sequence: number,
  timeSteps: number,
  lengths: readonly number[],
): Trajectory {
  const batch = lengths.length;
  const steps = lengths[sequence]!;
  const row = (output: number, step: number): Float64Array => {
    const values = outputs[output]!;
    const width = values.length / (timeSteps * batch);
    const t = cell.goBackwards ? steps - 1 - step : step;
    const start = (t * batch + sequence) * width;
    return Float64Array.from(values.subarray(start, start + width));
  };
  const rowBefore = (output: number, step: number): Float64Array => {
    if (step > 0) return row(output, step - 1);
    const states = initial[output]!;
    const width = states.length / batch;
    return Float64Array.from(states.subarray(sequence * width, (sequence + 1) * width));
  };
  return { units: cell.units, steps, row, rowBefore };
}
