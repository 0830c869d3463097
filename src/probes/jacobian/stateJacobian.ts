/**
 * The Jacobians ds_t/ds_{t-1} of the steps of one sequence, never written out: they are applied to vectors, in float64.
 * Steps are counted as they are walked, from 0.
 */
export interface StateJacobians {
  readonly steps: number;
  readonly units: number;
  /** Entries of the state: units, or for the LSTM twice as many, [h; c]. */
  readonly size: number;
  /** ds_t = J_t ds_{t-1}, a new vector. */
  forward(step: number, tangent: Float64Array): Float64Array;
  /** dL/ds_{t-1} = J_t^T dL/ds_t, a new vector. */
  backward(step: number, cotangent: Float64Array): Float64Array;
}

/** A block of columns of a recurrent kernel `[units, width]`, row-major. */
export interface Block {
  readonly kernel: Float64Array;
  readonly units: number;
  readonly width: number;
  readonly from: number;
  readonly columns: number;
}

/** x U, as long as the block is wide. */
export function timesBlock(x: Float64Array, { kernel, units, width, from, columns }: Block): Float64Array {
  const result = new Float64Array(columns);
  for (let row = 0; row < units; row++) {
    const factor = x[row] as number;
    const start = row * width + from;
    for (let column = 0; column < columns; column++) {
      result[column] = (result[column] as number) + factor * (kernel[start + column] as number);
    }
  }
  return result;
}

/** y U^T, as long as there are units. */
export function timesTransposed(y: Float64Array, { kernel, units, width, from, columns }: Block): Float64Array {
  const result = new Float64Array(units);
  for (let row = 0; row < units; row++) {
    const start = row * width + from;
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += (y[column] as number) * (kernel[start + column] as number);
    result[row] = sum;
  }
  return result;
}
