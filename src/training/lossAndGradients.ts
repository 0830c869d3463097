import * as tf from '@tensorflow/tfjs';
import type { Taps } from '../kernels/contract.ts';
import { denseCrossEntropy } from '../kernels/ops.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { ModelState } from '../models/recurrentNetwork.ts';
import { keepState } from './carriedState.ts';
import { countedRows } from './countedSteps.ts';

/** Window of text. */
export interface Window {
  /** `[timeSteps, batch]`, time-major. */
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  readonly timeSteps: number;
  readonly batch: number;
  /** Number of steps at the end whose losses count; omitted: all. */
  readonly newSteps?: number;
  /** Number of steps to the start of the next window; omitted: the length of this one. */
  readonly stride?: number;
  /** 1 for each target of the counted steps that counts, 0 for the others, `[newSteps, batch]`; omitted: all count. */
  readonly counted?: { readonly weights: Float32Array } | undefined;
}

/** Returns the taps of a recurrent layer by its name. */
export type TapsOf = (layer: string) => Taps | undefined;

/** Loss, gradients and next state of a window; the caller disposes all tensors. */
export interface LossAndGradients {
  /** Mean cross-entropy in nats per counted token. */
  readonly loss: tf.Scalar;
  /** In the order of the model's parameters. */
  readonly gradients: readonly tf.Tensor[];
  /** Initial state of the next window, detached from the gradient: the truncation of truncated BPTT. */
  readonly state: ModelState;
}

/**
 * Runs the forward pass over a window and backpropagation through time to its first step. With a stride of k1 in
 * windows of k2 steps this is BPTT(k2; k1) of Williams and Peng 1990: every k1 steps, the losses of the last k1 steps
 * are backpropagated over k2 steps.
 */
export function lossAndGradients(
  model: LanguageModel,
  window: Window,
  state: ModelState,
  tapsOf?: TapsOf,
): LossAndGradients {
  const { timeSteps, batch, newSteps = timeSteps, stride = timeSteps, counted } = window;
  const variables = model.parameters.map(({ variable }) => variable);
  let after: ModelState = [];
  const { value, grads } = tf.tidy(() => {
    // Some backends keep the array that they receive, and batchers reuse theirs, so pass copies.
    const steps = (from: number, to: number) =>
      tf.tensor2d(window.inputs.slice(from * batch, to * batch), [to - from, batch], 'int32');
    const targets = window.targets.slice((timeSteps - newSteps) * batch);
    const options = { tapsOf, training: true };
    return tf.variableGrads(() => {
      const first = model.hiddenStates(steps(0, stride), state, options);
      after = keepState(first.state);
      const parts = [
        first.h,
        ...(stride < timeSteps ? [model.hiddenStates(steps(stride, timeSteps), first.state, options).h] : []),
      ];
      const x = lastSteps(parts, newSteps);
      if (!counted) return denseCrossEntropy({ x, ...model.outputLayer, targets: tf.tensor1d(targets, 'int32') });
      const rows = countedRows(x, { targets, weights: counted.weights });
      return denseCrossEntropy({ x: rows.h, ...model.outputLayer, targets: rows.targets });
    }, variables);
  });
  return { loss: value, gradients: variables.map(({ name }) => grads[name]!), state: after };
}

/** Last `count` steps of consecutive sequences `[timeSteps, batch, units]`. */
function lastSteps(parts: readonly tf.Tensor3D[], count: number): tf.Tensor3D {
  const [only, ...others] = parts;
  const all = only && others.length === 0 ? only : tf.concat3d([...parts], 0);
  const [timeSteps] = all.shape;
  return count === timeSteps ? all : tf.slice(all, timeSteps - count);
}
