import * as tf from '@tensorflow/tfjs';
import { embeddingLookup } from '../kernels/ops.ts';
import { mapState, namedStateTensors } from '../layers/states.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { ModelState } from '../models/recurrentNetwork.ts';
import type { NamedTensor } from '../models/weights.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/**
 * Runs the model over a window without a gradient. Returns the result of `read` on the logits, and the state after the
 * window; the caller disposes both.
 */
export function advance<T extends tf.Tensor>(
  model: LanguageModel,
  ids: Int32Array,
  [timeSteps, batch]: readonly [timeSteps: number, batch: number],
  state: ModelState,
  read: (logits: tf.Tensor2D) => T,
): { result: T; state: ModelState } {
  let after: ModelState = [];
  const result = tf.tidy(() => {
    const forward = model.forward(tf.tensor2d(ids, [timeSteps, batch], 'int32'), state);
    after = keepState(forward.state);
    return read(forward.logits);
  });
  return { result, state: after };
}

/** Keeps a state beyond the current `tf.tidy`. */
export function keepState(state: ModelState): ModelState {
  for (const { tensor } of state.flatMap(namedStateTensors)) tf.keep(tensor);
  return state;
}

export function disposeState(state: ModelState): void {
  for (const { tensor } of state.flatMap(namedStateTensors)) tensor.dispose();
}

/**
 * Sets the states of the streams in which a document begins to zero. Disposes the state that it receives.
 * @param carried 1 for each stream that is carried on, otherwise 0
 */
export function resetStreams(state: ModelState, carried: Float32Array): ModelState {
  if (carried.every((kept) => kept === 1)) return state;
  let reset: ModelState = [];
  tf.tidy(() => {
    const factors = tf.tensor2d(carried.slice(), [carried.length, 1]);
    reset = state.map((layer) => mapState(layer, (_, tensor) => tf.keep(tf.mul<tf.Tensor2D>(tensor, factors))));
  });
  disposeState(state);
  return reset;
}

/** States of selected sequences; rows may repeat. The caller disposes them. */
export function pickRows(state: ModelState, rows: readonly number[]): ModelState {
  let picked: ModelState = [];
  tf.tidy(() => {
    const ids = tf.tensor2d([...rows], [1, rows.length], 'int32');
    const rowsOf = (table: tf.Tensor2D) =>
      tf.keep(tf.reshape<tf.Rank.R2>(embeddingLookup({ table, ids }), [rows.length, table.shape[1]]));
    picked = state.map((layer) => mapState(layer, (_, tensor) => rowsOf(tensor)));
  });
  return picked;
}

/** Tensors of a state with their names in a checkpoint, such as `state/0/h`. */
export function stateTensors(state: ModelState): { readonly name: string; readonly tensor: tf.Tensor2D }[] {
  return state.flatMap((layer, index) =>
    namedStateTensors(layer).map(({ name, tensor }) => ({ name: stateName(index, name), tensor })),
  );
}

/**
 * A stored state.
 * @param like a state of the same form; it is not changed
 * @throws Error that names a tensor which is missing or of another shape
 */
export function storedState(like: ModelState, stored: readonly NamedTensor[]): ModelState {
  return like.map((layer, index) =>
    mapState(layer, (part, { shape }) => {
      const name = stateName(index, part);
      const tensor = stored.find((candidate) => candidate.name === name);
      if (!tensor) throw new PhrasedError(phrase('The checkpoint has no tensor "{0}".', name));
      if (tensor.shape.join() !== shape.join()) {
        throw new PhrasedError(
          phrase(
            'The stored tensor "{0}" is [{1}]; the model needs [{2}].',
            name,
            tensor.shape.join(', '),
            shape.join(', '),
          ),
        );
      }
      return tf.tensor2d(tensor.values, shape);
    }),
  );
}

function stateName(layer: number, part: string): string {
  return `state/${layer}/${part}`;
}
