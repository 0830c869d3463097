import * as tf from '@tensorflow/tfjs';
import type { LayerState } from './sequenceLayer.ts';

/** Tensors of a state with their paths, such as `h`, `c` or `forward/h`. */
export function namedStateTensors(state: LayerState): { readonly name: string; readonly tensor: tf.Tensor2D }[] {
  return Object.entries(state).flatMap(([name, part]: [string, tf.Tensor2D | LayerState]) =>
    part instanceof tf.Tensor
      ? [{ name, tensor: part }]
      : namedStateTensors(part).map(({ name: inner, tensor }) => ({ name: `${name}/${inner}`, tensor })),
  );
}

/** Replaces every tensor of a state; `replace` receives its path and the tensor. */
export function mapState<State extends LayerState>(
  state: State,
  replace: (name: string, tensor: tf.Tensor2D) => tf.Tensor2D,
): State {
  const entries = Object.entries(state).map(([name, part]: [string, tf.Tensor2D | LayerState]) => [
    name,
    part instanceof tf.Tensor
      ? replace(name, part)
      : mapState(part, (inner, tensor) => replace(`${name}/${inner}`, tensor)),
  ]);
  return Object.fromEntries(entries) as State;
}
