import * as tf from '@tensorflow/tfjs';
import type { Recurrent } from '../layers/recurrent.ts';
import { cellName, gateCount } from './cells.ts';
import { largestSingularValue } from './singularValue.ts';
import { spectralRadii } from './spectralRadius.ts';
import { timesBlock, timesTransposed } from './jacobian/stateJacobian.ts';

/** What the weights of a direction say of its gradients, whatever the text. */
export interface RecurrentWeights {
  /** `[units, gates * units]`, row-major, in float64. */
  readonly kernel: Float64Array;
  /** Largest singular value and spectral radius of a gate's recurrent matrix, the largest over the gates. */
  readonly sigmaMax: number;
  readonly spectralRadius: number;
  /** Mean bias of the forget gate of an LSTM. */
  readonly forgetBias: number | null;
}

/** Reads and measures the recurrent kernel of a direction. Costs a few products with it, and some powers of it on the backend. */
export async function recurrentWeights(cell: Recurrent): Promise<RecurrentWeights> {
  const { units } = cell;
  const gates = gateCount(cell);
  const weight = weightOf(cell, 'recurrent_kernel') as tf.Tensor2D;
  const kernel = Float64Array.from(await weight.data<'float32'>());
  const singular = Array.from({ length: gates }, (_, gate) => {
    const block = { kernel, units, width: gates * units, from: gate * units, columns: units };
    return largestSingularValue({
      columns: units,
      apply: (x) => timesBlock(x, block),
      applyTransposed: (y) => timesTransposed(y, block),
    });
  });
  const blocks: tf.Tensor2D[] = tf.split(weight, gates, 1);
  const radii = await spectralRadii(blocks);
  tf.dispose(blocks);
  return { kernel, sigmaMax: Math.max(...singular), spectralRadius: Math.max(...radii), forgetBias: await forgetBiasOf(cell) };
}

async function forgetBiasOf(cell: Recurrent): Promise<number | null> {
  if (cellName(cell) !== 'lstm') return null;
  if (!cell.useBias) return 0;
  const { units } = cell;
  const values = (await weightOf(cell, 'bias').data<'float32'>()).subarray(units, 2 * units);
  return values.reduce((sum, value) => sum + value, 0) / units;
}

function weightOf(cell: Recurrent, kind: 'recurrent_kernel' | 'bias'): tf.Tensor {
  const weight = cell.weights.find(({ originalName }) => originalName.split('/').at(-1) === kind);
  if (!weight) throw new Error(`The layer ${cell.name} has no ${kind}.`);
  return weight.read();
}
