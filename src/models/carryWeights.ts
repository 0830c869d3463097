import * as tf from '@tensorflow/tfjs';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import type { NamedTensor, Parameter } from './weights.ts';

/** Weights of one model that another one begins with. */
export interface CarriedWeights {
  readonly stored: readonly NamedTensor[];
  /** Tokens of the stored model by id. */
  readonly from: readonly string[];
}

export interface CarryOptions {
  /** Tokens of the new model by id. */
  readonly to: readonly string[];
  /** The token that a token of the new model is read as in the stored one; undefined for a new token. */
  readonly idOf: (token: string) => number | undefined;
  /** The axis of a weight that has an entry for each token; undefined for other weights. */
  readonly tokenAxis: (name: string) => 0 | 1 | undefined;
  /** True for weights that the stored model does not have, such as those of other outputs. */
  readonly isOwn?: (name: string) => boolean;
}

/**
 * Writes the weights of a stored model into another one. Entries of tokens that the stored model does not have keep
 * their initial values.
 * @throws Error that names a weight that is missing or has another shape
 */
export function carryWeights(
  parameters: readonly Parameter[],
  { stored, from }: CarriedWeights,
  { to, idOf, tokenAxis, isOwn = () => false }: CarryOptions,
): void {
  const byName = new Map(stored.map((tensor) => [tensor.name, tensor]));
  const places = to.map((token) => idOf(token) ?? -1);
  for (const { name, variable } of parameters) {
    if (isOwn(name)) continue;
    const tensor = byName.get(name);
    if (!tensor) throw new PhrasedError(phrase('The stored model has no tensor "{0}".', name));
    const axis = tokenAxis(name);
    const expected = variable.shape.map((size, at) => (at === axis ? from.length : size));
    if (tensor.shape.join() !== expected.join())
      throw new PhrasedError(
        phrase(
          'The stored tensor "{0}" is [{1}]; the model needs [{2}].',
          name,
          tensor.shape.join(', '),
          expected.join(', '),
        ),
      );
    tf.tidy(() => {
      if (axis === undefined) variable.assign(tf.tensor(tensor.values, variable.shape));
      else variable.assign(withEntries(variable, tensor, axis, places));
    });
  }
}

/** A variable with the stored entries along an axis at the places that are not negative. */
function withEntries(variable: tf.Variable, stored: NamedTensor, axis: 0 | 1, places: readonly number[]): tf.Tensor {
  const [rows = 1, columns = 1] = variable.shape;
  const storedColumns = stored.shape[1] ?? 1;
  const given = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [fromRow, fromColumn] = axis === 0 ? [places[row]!, column] : [row, places[column]!];
      if (fromRow >= 0 && fromColumn >= 0)
        given[row * columns + column] = stored.values[fromRow * storedColumns + fromColumn]!;
    }
  }
  const isKnown = Uint8Array.from({ length: rows * columns }, (_, at) =>
    Number(places[axis === 0 ? Math.floor(at / columns) : at % columns]! >= 0),
  );
  return tf.where(tf.tensor(isKnown, variable.shape, 'bool'), tf.tensor(given, variable.shape), variable);
}

/**
 * The axis of a weight of a network of recurrent layers over tokens that has an entry for each token.
 * @param predicts whether the outputs are tokens, too
 */
export function tokenAxisOf(
  { embedding, recurrence }: { readonly embedding: number; readonly recurrence?: string | undefined },
  predicts: boolean,
): (name: string) => 0 | 1 | undefined {
  return (name) => {
    if (name === 'embedding/embeddings') return 0;
    if (embedding === 0 && /_1\/kernel$/.test(name)) return 0;
    if (!predicts) return undefined;
    if (name === 'dense/kernel') return 1;
    if (name === 'dense/bias') return 0;
    return recurrence === 'output' && /_1\/recurrent_kernel$/.test(name) ? 0 : undefined;
  };
}
