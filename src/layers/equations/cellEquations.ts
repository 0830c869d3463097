import type { CellForm } from '../../config/cells.ts';
import type { Float64Matrix } from '../../kernels/float64Matrix.ts';

/** Weights of a cell in float64, as its kernel reads them. */
export interface CellWeights {
  readonly units: number;
  /** `[inputs, gates * units]` */
  readonly kernel: Float64Matrix;
  /** `[units, gates * units]` */
  readonly recurrentKernel: Float64Matrix;
  /** Rows of the bias, each `[gates * units]`: one, or for a GRU with `resetAfter` that of the recurrent part, too. */
  readonly bias: readonly [Float64Array, ...Float64Array[]];
}

/** State of a cell, each `[units]`; `c` for the LSTM only. Also the gradient of a loss by it. */
export interface CellState {
  readonly h: Float64Array;
  readonly c?: Float64Array;
}

/** Values of one step. */
export interface CellStep {
  readonly before: CellState;
  /** x_t W, `[gates * units]`. */
  readonly fromInput: Float64Array;
  /** Products with the recurrent kernel, without bias, `[gates * units]`. */
  readonly products: Float64Array;
  /** Factor of h_{t-1} before the product of each gate, `[units]`; undefined where there is none. */
  readonly scales: readonly (Float64Array | undefined)[];
  /** Factor of the product of each gate and its bias, `[units]`; undefined where there is none. */
  readonly factors: readonly (Float64Array | undefined)[];
  /** Gates before their activation, `[gates * units]`. */
  readonly sums: Float64Array;
  /** Gates after their activation, `[gates * units]`. */
  readonly gates: Float64Array;
  readonly state: CellState;
}

/** Gradients of a loss at one step. */
export interface StepGradients {
  /** Total gradient by the state of the step; that by c contains what comes through h of the same step. */
  readonly state: CellState;
  /** dL by the gates after their activation, the slopes of the activations, and dL before them, `[gates * units]`. */
  readonly gates: Float64Array;
  readonly slopes: Float64Array;
  readonly sums: Float64Array;
  /** dL by the products with the recurrent kernel, `[gates * units]`. */
  readonly products: Float64Array;
  /** Part of dL/dh_{t-1} that passes no matrix, `[units]`: z dL/dh_t of a GRU. */
  readonly kept: Float64Array | undefined;
  /** Gradient by the state before the step, from this step alone. */
  readonly before: CellState;
}

/** Equations of one step of a cell in float64, forward and backward. */
export interface CellEquations {
  readonly form: CellForm;
  /** @param fromInput x_t W, `[gates * units]` */
  step(fromInput: Float64Array, before: CellState): CellStep;
  /**
   * @param gradient dL/dh_t from everything outside of the step, and for the LSTM dL/dc_t from the step after it
   */
  back(step: CellStep, gradient: CellState): StepGradients;
}

/** Entries of two vectors of one length multiplied. */
export function multiply(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value * b[index]!);
}

/** Vector with the given entries. */
export function build(length: number, entry: (index: number) => number): Float64Array {
  const result = new Float64Array(length);
  for (let index = 0; index < length; index++) result[index] = entry(index);
  return result;
}

export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** Slope of the sigmoid at z, accurate where it is saturated. */
export function sigmoidSlope(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return e / (1 + e) ** 2;
}
