import * as tf from '@tensorflow/tfjs';
import type { Taps } from '../kernels/contract.ts';
import { denseCrossEntropy } from '../kernels/ops.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { ModelState } from '../models/recurrentNetwork.ts';
import { keepState } from './carriedState.ts';

/** One window of text on the backend. */
export interface Window {
  /** `[timeSteps, batch]`, time-major. */
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  readonly timeSteps: number;
  readonly batch: number;
  /** Steps at its end whose losses count; left out, all do. */
  readonly newSteps?: number;
  /** Steps after which the next window begins; left out, it begins where this one ends. */
  readonly stride?: number;
}

/** The taps of a recurrent layer, by its name. */
export type TapsOf = (layer: string) => Taps | undefined;

/** The caller disposes all of it. */
export interface LossAndGradients {
  /** Mean cross-entropy in nats per token that counts. */
  readonly loss: tf.Scalar;
  /** In the order of the model's parameters. */
  readonly gradients: readonly tf.Tensor[];
  /** State where the next window begins, cut off from the gradient: the truncation of truncated BPTT. */
  readonly state: ModelState;
}

/**
 * The forward pass over a window and back-propagation through time to its first step. With a stride of k1 in windows of
 * k2 steps this is BPTT(k2; k1) of Williams and Peng 1990: every k1 steps, the losses of the last k1 flow back over k2.
 */
export function lossAndGradients(
  model: LanguageModel,
  window: Window,
  state: ModelState,
  tapsOf?: TapsOf,
): LossAndGradients {
  const { timeSteps, batch, newSteps = timeSteps, stride = timeSteps } = window;
  const variables = model.parameters.map(({ variable }) => variable);
  let after: ModelState = [];
  const { value, grads } = tf.tidy(() => {
    // Some backends keep the array they are given, and batchers fill theirs anew: hand over copies.
    const steps = (from: number, to: number) =>
      tf.tensor2d(window.inputs.slice(from * batch, to * batch), [to - from, batch], 'int32');
    const targets = tf.tensor1d(window.targets.slice((timeSteps - newSteps) * batch), 'int32');
    const options = { tapsOf, training: true };
    return tf.variableGrads(() => {
      const first = model.hiddenStates(steps(0, stride), state, options);
      after = keepState(first.state);
      const parts = [
        first.h,
        ...(stride < timeSteps ? [model.hiddenStates(steps(stride, timeSteps), first.state, options).h] : []),
      ];
      return denseCrossEntropy({ x: lastSteps(parts, newSteps), ...model.outputLayer, targets });
    }, variables);
  });
  return { loss: value, gradients: variables.map(({ name }) => grads[name]!), state: after };
}

/** The last steps of sequences `[timeSteps, batch, units]` that follow each other. */
function lastSteps(parts: readonly tf.Tensor3D[], count: number): tf.Tensor3D {
  const [only, ...others] = parts;
  const all = only && others.length === 0 ? only : tf.concat3d([...parts], 0);
  const [timeSteps] = all.shape;
  return count === timeSteps ? all : tf.slice(all, timeSteps - count);
}
