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

/** Rows that are taken at once: a loop waits for the sum before otherwise. */
const ROWS = 4;

/** x U, as long as the block is wide. */
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

/** y U^T, as long as there are units. */
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

/** Entries from `index` on, zero after the last. */
function fourOf(x: Float64Array, index: number, length: number): Four {
  const at = (place: number) => (place < length ? x[place]! : 0);
  return [at(index), at(index + 1), at(index + 2), at(index + 3)];
}

/** Where rows begin, the last one in place of those after it. */
function fourRows(row: number, rows: number, width: number, from: number): Four {
  const start = (place: number) => Math.min(place, rows - 1) * width + from;
  return [start(row), start(row + 1), start(row + 2), start(row + 3)];
}
