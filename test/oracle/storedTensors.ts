import { modelSchema } from '../../src/config/schema.ts';
import type { LanguageModelShape } from '../../src/models/languageModel.ts';
import type { NamedTensor } from '../../src/models/weights.ts';
import { Matrix, stack } from './matrix.ts';
import type { State } from './recurrent.ts';
import { named } from './weights.ts';
import type { ModelShape, ModelWeights } from './weights.ts';

/** The oracle's matrices on their way to the product's tensors, and back. */

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

/** A matrix as a tensor; a bias, which the oracle keeps as one row, has one dimension. */
export function stored(name: string, { rows, columns, values }: Matrix): NamedTensor {
  const isBias = /(^|\/)bias$/.test(name) && rows === 1;
  return { name, shape: isBias ? [columns] : [rows, columns], values: Float32Array.from(values) };
}

/** The matrices of a sequence as one tensor `[timeSteps, batch, n]`. */
export function storedSequence(name: string, steps: readonly Matrix[]): NamedTensor {
  const { rows = 0, columns = 0 } = steps[0] ?? {};
  return { name, shape: [steps.length, rows, columns], values: Float32Array.from(stack(steps)) };
}

/** Tensors of any number of dimensions as matrices: the last dimension makes the columns, all others the rows. */
export function matrices(tensors: readonly NamedTensor[]): Map<string, Matrix> {
  return new Map(
    tensors.map(({ name, shape, values }) => {
      const columns = Number(shape.at(-1));
      return [name, new Matrix(values.length / columns, columns, values)];
    }),
  );
}
