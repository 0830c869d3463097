import type { DirectionFlow } from '../gradientFlow.ts';

/** The states and gates of one sequence in the order in which they were walked, in float64. */
export interface Trajectory {
  readonly units: number;
  /** Steps walked, without masked ones. */
  readonly steps: number;
  /** Row `step` of an output of the kernel, as long as the output is wide. */
  row(output: number, step: number): Float64Array;
  /** The same before `step`: zeros before the first. For states. */
  rowBefore(output: number, step: number): Float64Array;
}

/**
 * @param outputs of the forward kernel, each `[timeSteps, batch, width]`, from zero states
 * @param sequence which of the batch
 */
export function trajectoryOf(
  { cell, outputs }: DirectionFlow,
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
  const rowBefore = (output: number, step: number) =>
    step === 0 ? new Float64Array(cell.units) : row(output, step - 1);
  return { units: cell.units, steps, row, rowBefore };
}
