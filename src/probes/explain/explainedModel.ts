import * as tf from '@tensorflow/tfjs';
import { Float64Matrix } from '../../kernels/float64Matrix.ts';
import type { CellEquations, CellState, CellWeights } from '../../layers/equations/cellEquations.ts';
import type { LayerState } from '../../layers/sequenceLayer.ts';
import type { Recurrent } from '../../layers/recurrent.ts';
import { directionsOf, type RecurrentDirection } from '../probed.ts';
import type { TextModel } from '../inspection/textModel.ts';

/** A recurrent layer with its weights in float64. */
export interface ExplainedLayer {
  readonly name: string;
  readonly cell: Recurrent;
  readonly weights: CellWeights;
  readonly equations: CellEquations;
  /** Matrix from the hidden state to the output, `[units, outputs]`; undefined if the output is the hidden state. */
  readonly projection: Float64Matrix | undefined;
  /** State before the first step. */
  readonly before: CellState;
}

/** A model with its weights in float64. */
export interface ExplainedModel {
  readonly layers: readonly ExplainedLayer[];
  /** Weights of the output layer, `[width, outputs]` and `[outputs]`. */
  readonly output: { readonly kernel: Float64Matrix; readonly bias: Float64Array };
}

/**
 * Reads the weights of a model, and the states before a text.
 * @throws Error for a layer whose cell does not define its equations
 */
export async function explainedModel(model: TextModel, states: readonly LayerState[]): Promise<ExplainedModel> {
  const [kernel, bias] = await readAll(() => {
    const output = model.outputLayer();
    return [output.kernel, output.bias];
  });
  const layers = await Promise.all(
    directionsOf(model.layers).map(async (direction) => explainedLayer(direction, direction.stateOf(states))),
  );
  return { layers, output: { kernel: matrixOf(kernel!), bias: bias!.values } };
}

async function explainedLayer({ layer, cell }: RecurrentDirection, state: LayerState): Promise<ExplainedLayer> {
  const { units } = cell;
  const projects = cell.outputs !== units;
  const [kernel, recurrentKernel, bias, projection] = await readAll(() => {
    const weights = cell.kernelWeights();
    const { kernel, recurrentKernel, bias } = weights;
    const identity = tf.eye(units);
    // The output is linear in h, so that its rows for the unit vectors are the matrix.
    return [kernel, recurrentKernel, bias, ...(projects ? [cell.outputOf({ h: identity, c: identity })] : [])];
  });
  const [h, c] = await readAll(() => Object.values(state) as tf.Tensor[]);
  const weights: CellWeights = {
    units,
    kernel: matrixOf(kernel!),
    recurrentKernel: matrixOf(recurrentKernel!),
    bias: rowsOf(bias!.values, cell.kind.gates * units),
  };
  const equations = cell.equations(weights);
  if (!equations) throw new Error(`The equations of the cell ${cell.kind.title} are not available.`);
  return {
    name: layer,
    cell,
    weights,
    equations,
    projection: projection && matrixOf(projection),
    before: { h: h!.values, ...(c && { c: c.values }) },
  };
}

interface Read {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Reads tensors in float64 and frees those that were computed. */
async function readAll(tensors: () => tf.Tensor[]): Promise<Read[]> {
  const cloned = tf.tidy(() => tensors().map((tensor) => tf.clone(tensor)));
  try {
    return await Promise.all(
      cloned.map(async (tensor) => ({ shape: tensor.shape, values: Float64Array.from(await tensor.data()) })),
    );
  } finally {
    tf.dispose(cloned);
  }
}

function matrixOf({ shape: [rows = 0, columns = 0], values }: Read): Float64Matrix {
  return new Float64Matrix(rows, columns, values);
}

function rowsOf(values: Float64Array, width: number): CellWeights['bias'] {
  const [first, ...others] = Array.from({ length: values.length / width }, (_, row) =>
    values.subarray(row * width, (row + 1) * width),
  );
  return [first!, ...others];
}
