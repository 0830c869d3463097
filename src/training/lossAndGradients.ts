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
}

/** The taps of a recurrent layer, by its name. */
export type TapsOf = (layer: string) => Taps | undefined;

/** The caller disposes all of it. */
export interface LossAndGradients {
  /** Mean cross-entropy in nats per token. */
  readonly loss: tf.Scalar;
  /** In the order of the model's parameters. */
  readonly gradients: readonly tf.Tensor[];
  /** State after the window, cut off from the gradient: the truncation of truncated BPTT. */
  readonly state: ModelState;
}

/** The forward pass over a window and back-propagation through time to its first step. */
export function lossAndGradients(model: LanguageModel, window: Window, state: ModelState, tapsOf?: TapsOf): LossAndGradients {
  const variables = model.parameters.map(({ variable }) => variable);
  let after: ModelState = [];
  const { value, grads } = tf.tidy(() => {
    // Some backends keep the array they are given, and batchers fill theirs anew: hand over copies.
    const inputs = tf.tensor2d(window.inputs.slice(), [window.timeSteps, window.batch], 'int32');
    const targets = tf.tensor1d(window.targets.slice(), 'int32');
    return tf.variableGrads(() => {
      const result = model.hiddenStates(inputs, state, { tapsOf, training: true });
      after = keepState(result.state);
      return denseCrossEntropy({ x: result.h, ...model.outputLayer, targets });
    }, variables);
  });
  return { loss: value, gradients: variables.map(({ name }) => grads[name] as tf.Tensor), state: after };
}
