import * as tf from '@tensorflow/tfjs';
import { type Block, timesBlock, timesTransposed } from '../layers/jacobian/stateJacobian.ts';
import type { Recurrent } from '../layers/recurrent.ts';
import { largestSingularValue } from './singularValue.ts';
import { spectralRadius } from './spectralRadius.ts';

/** Measurements of the weights of a direction, which do not depend on the text. */
export interface RecurrentWeights {
  /** `[units, gates * units]`, row-major, in float64. */
  readonly kernel: Float64Array;
  /** Largest singular value of a gate's recurrent matrix, the largest over the gates. */
  readonly sigmaMax: number;
  /** Mean bias of the forget gate; null for a cell without `forgetBias`. */
  readonly forgetBias: number | null;
}

/** Blocks of columns of a recurrent kernel, one for each gate. */
function blocksOf(kernel: Float64Array, cell: Recurrent): Block[] {
  const {
    units,
    kind: { gates },
  } = cell;
  return Array.from({ length: gates }, (_, gate) => ({
    kernel,
    units,
    width: gates * units,
    from: gate * units,
    columns: units,
  }));
}

/** Reads and measures the recurrent kernel of a direction. Costs a few products with it. */
export async function recurrentWeights(cell: Recurrent): Promise<RecurrentWeights> {
  const weight = tf.tidy(() => tf.clone(cell.recurrentWeight()));
  const kernel = Float64Array.from(await weight.data<'float32'>());
  weight.dispose();
  const singular = blocksOf(kernel, cell).map((block) =>
    largestSingularValue({
      columns: cell.units,
      apply: (x) => timesBlock(x, block),
      applyTransposed: (y) => timesTransposed(y, block),
    }),
  );
  return { kernel, sigmaMax: Math.max(...singular), forgetBias: await forgetBiasOf(cell) };
}

/** Largest spectral radius of a gate's recurrent matrix. Costs 15 squarings of each on the backend. */
export async function largestRadius(kernel: Float64Array, cell: Recurrent): Promise<number> {
  const radii = await Promise.all(blocksOf(kernel, cell).map((block) => spectralRadius(matrixOf(block), cell.units)));
  return Math.max(...radii);
}

/** Copies a block into a matrix, `[units, columns]`. */
function matrixOf({ kernel, units, width, from, columns }: Block): Float32Array {
  const matrix = new Float32Array(units * columns);
  for (let row = 0; row < units; row++)
    matrix.set(kernel.subarray(row * width + from, row * width + from + columns), row * columns);
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
