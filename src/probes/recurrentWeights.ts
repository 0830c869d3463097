import * as tf from '@tensorflow/tfjs';
import { Float64Matrix } from '../kernels/float64Matrix.ts';
import type { Recurrent } from '../layers/recurrent.ts';
import { largestSingularValue } from './singularValue.ts';
import { spectralRadius } from './spectralRadius.ts';

/** Measurements of the weights of a direction, which do not depend on the text. */
export interface RecurrentWeights {
  /** `[units, gates * units]` */
  readonly kernel: Float64Matrix;
  /** Largest singular value of a gate's recurrent matrix, the largest over the gates. */
  readonly sigmaMax: number;
  /** Mean bias of the forget gate; null for a cell without `forgetBias`. */
  readonly forgetBias: number | null;
}

/** First column of each gate in a recurrent kernel. */
function gatesOf({ units, kind: { gates } }: Recurrent): number[] {
  return Array.from({ length: gates }, (_, gate) => gate * units);
}

/** Reads and measures the recurrent kernel of a direction. Costs a few products with it. */
export async function recurrentWeights(cell: Recurrent): Promise<RecurrentWeights> {
  const weight = tf.tidy(() => tf.clone(cell.recurrentWeight()));
  const { units } = cell;
  const kernel = new Float64Matrix(units, units * cell.kind.gates, await weight.data<'float32'>());
  weight.dispose();
  const singular = gatesOf(cell).map((from) =>
    largestSingularValue({
      columns: units,
      apply: (x) => kernel.times(x, from, units),
      applyTransposed: (y) => kernel.timesTransposed(y, from, units),
    }),
  );
  return { kernel, sigmaMax: Math.max(...singular), forgetBias: await forgetBiasOf(cell) };
}

/** Largest spectral radius of a gate's recurrent matrix. Costs 15 squarings of each on the backend. */
export async function largestRadius(kernel: Float64Matrix, cell: Recurrent): Promise<number> {
  const radii = await Promise.all(
    gatesOf(cell).map((from) => spectralRadius(gateMatrix(kernel, from, cell.units), cell.units)),
  );
  return Math.max(...radii);
}

/** Copies the columns of a gate into a matrix, `[units, units]`. */
function gateMatrix({ values, columns }: Float64Matrix, from: number, units: number): Float32Array {
  const matrix = new Float32Array(units * units);
  for (let row = 0; row < units; row++) {
    const start = row * columns + from;
    matrix.set(values.subarray(start, start + units), row * units);
  }
  return matrix;
}

async function forgetBiasOf(cell: Recurrent): Promise<number | null> {
  const { units, forgetGate, useBias } = cell;
  if (!forgetGate) return null;
  if (!useBias) return 0;
  const start = forgetGate.block * units;
  const values = (await weightOf(cell, 'bias').data<'float32'>()).subarray(start, start + units);
  return values.reduce((sum, value) => sum + value, 0) / units;
}

function weightOf(cell: Recurrent, kind: 'bias'): tf.Tensor {
  const weight = cell.weights.find(({ originalName }) => originalName.split('/').at(-1) === kind);
  if (!weight) throw new Error(`The layer ${cell.name} has no ${kind}.`);
  return weight.read();
}
