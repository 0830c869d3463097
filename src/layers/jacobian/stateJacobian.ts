/** States and gates of one sequence in the order in which the layer processes its steps, in float64. */
export interface Trajectory {
  readonly units: number;
  /** Number of steps, without masked ones. */
  readonly steps: number;
  /** Row `step` of an output of the forward kernel, as long as the output is wide. */
  row(output: number, step: number): Float64Array;
  /** The row before `step`; before the first step, that of the initial state. For states. */
  rowBefore(output: number, step: number): Float64Array;
}

/**
 * Jacobians ds_t/ds_{t-1} of the steps of one sequence. They are applied to vectors in float64 and never stored as
 * matrices. Steps are numbered from 0 in the order in which the layer processes them.
 */
export interface StateJacobians {
  readonly steps: number;
  readonly units: number;
  /** Entries of the state: `units`, or `2 * units` for the LSTM, [h; c]. */
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

/** Rows processed together, so that the additions of one row do not wait for those of another. */
const ROWS = 4;

/** Product x U, as long as the block is wide. */
export function timesBlock(x: Float64Array, { kernel, units, width, from, columns }: Block): Float64Array {
  const result = new Float64Array(columns);
  for (let row = 0; row < units; row += ROWS) {
    const [x0, x1, x2, x3] = fourOf(x, row, units);
    const [r0, r1, r2, r3] = fourRows(row, units, width, from);
    for (let column = 0; column < columns; column++) {
      result[column] =
        result[column]! +
        (x0 * kernel[r0 + column]! + x1 * kernel[r1 + column]!) +
        (x2 * kernel[r2 + column]! + x3 * kernel[r3 + column]!);
    }
  }
  return result;
}

/** Product y U^T, `[units]`. */
export function timesTransposed(y: Float64Array, { kernel, units, width, from, columns }: Block): Float64Array {
  const result = new Float64Array(units);
  for (let row = 0; row < units; row += ROWS) {
    const [r0, r1, r2, r3] = fourRows(row, units, width, from);
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    for (let column = 0; column < columns; column++) {
      const factor = y[column]!;
      sum0 += factor * kernel[r0 + column]!;
      sum1 += factor * kernel[r1 + column]!;
      sum2 += factor * kernel[r2 + column]!;
      sum3 += factor * kernel[r3 + column]!;
    }
    result.set([sum0, sum1, sum2, sum3].slice(0, units - row), row);
  }
  return result;
}

type Four = [number, number, number, number];

/** Four entries from `index` on; zero past the end. */
function fourOf(x: Float64Array, index: number, length: number): Four {
  const at = (place: number) => (place < length ? x[place]! : 0);
  return [at(index), at(index + 1), at(index + 2), at(index + 3)];
}

/** Offsets of four rows; rows past the end repeat the last one. */
function fourRows(row: number, rows: number, width: number, from: number): Four {
  const start = (place: number) => Math.min(place, rows - 1) * width + from;
  return [start(row), start(row + 1), start(row + 2), start(row + 3)];
}
