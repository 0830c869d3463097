import { modelSchema } from '../../src/config/schema.ts';
import type { LanguageModelShape } from '../../src/models/languageModel.ts';
import type { NamedTensor } from '../../src/models/weights.ts';
import { Matrix, stack } from './matrix.ts';
import type { State } from './recurrent.ts';
import { named } from './weights.ts';
import type { ModelShape, ModelWeights } from './weights.ts';

/** Conversion between the oracle's matrices and the product's tensors. */

export interface StoredModel {
  readonly shape: LanguageModelShape;
  readonly weights: readonly NamedTensor[];
}

export function storedModel(shape: ModelShape, weights: ModelWeights): StoredModel {
  const { kind, ...sizes } = shape;
  return {
    shape: { ...modelSchema.parse({ ...kind }), ...sizes },
    weights: [...named(weights)].map(([name, matrix]) => stored(name, matrix)),
  };
}

/** The states of each layer in turn, h and for the LSTM c, named as in a checkpoint. */
export function storedStates(states: readonly State[]): NamedTensor[] {
  return states.flatMap((state, layer) => state.map((part, index) => stored(`state/${layer}/${'hc'[index]}`, part)));
}

/** Converts a matrix to a tensor; a bias, which is one row in the oracle, gets one dimension. */
export function stored(name: string, { rows, columns, values }: Matrix): NamedTensor {
  const isBias = /(^|\/)bias$/.test(name) && rows === 1;
  return { name, shape: isBias ? [columns] : [rows, columns], values: Float32Array.from(values) };
}

/** The matrices of a sequence as one tensor `[timeSteps, batch, n]`. */
export function storedSequence(name: string, steps: readonly Matrix[]): NamedTensor {
  const { rows = 0, columns = 0 } = steps[0] ?? {};
  return { name, shape: [steps.length, rows, columns], values: Float32Array.from(stack(steps)) };
}

/** Converts tensors of any rank to matrices: the last dimension becomes the columns, all others the rows. */
export function matrices(tensors: readonly NamedTensor[]): Map<string, Matrix> {
  return new Map(
    tensors.map(({ name, shape, values }) => {
      const columns = Number(shape.at(-1));
      return [name, new Matrix(values.length / columns, columns, values)];
    }),
  );
}
