import * as tf from '@tensorflow/tfjs';
import type { Taps } from '../kernels/contract.ts';

/** The state that a GRU or a simple RNN carries from step to step, `[batch, units]`. */
export interface HiddenState {
  readonly h: tf.Tensor2D;
}

/** The state that an LSTM carries from step to step, each `[batch, units]`. */
export interface LstmState extends HiddenState {
  readonly c: tf.Tensor2D;
}

/** The states of both directions. Each is the one before the first step that its direction walks, or after the last. */
export interface BidirectionalState {
  readonly forward: HiddenState | LstmState;
  readonly backward: HiddenState | LstmState;
}

export type LayerState = HiddenState | LstmState | BidirectionalState;

export interface SequenceOptions {
  /** Steps of each sequence, `[batch]` int32, where they are not all as long as the batch. */
  readonly lengths?: tf.Tensor1D | undefined;
  /** The taps of a layer, by its name; both directions of a bidirectional layer are asked for. */
  readonly tapsOf?: ((layer: string) => Taps | undefined) | undefined;
}

/**
 * A layer over whole sequences that runs in two ways: inside a `tf.LayersModel` it maps
 * `[batch, timeSteps, inputs]` as the stock layer of its class name does; training uses `sequence`, which is
 * time-major, takes token ids, carries the state and knows lengths.
 */
export abstract class SequenceLayer<State extends LayerState = LayerState> extends tf.layers.Layer {
  /** Why plain TensorFlow.js cannot open a model with this layer, for the user; undefined where it can. */
  get stockObstacle(): string | undefined {
    return undefined;
  }

  /** What the layer gives at the step that it ends with, `[batch, width]`, from its final state. */
  abstract outputOf(state: State): tf.Tensor2D;

  /** Sets the initial biases: `forgetBias` for the forget gates of the cells that have that field, zero for others. */
  abstract initializeBias(forgetBias: number): void;

  /** The state before the first step. */
  abstract zeroState(batch: number): State;

  /**
   * Runs over a sequence from a given state.
   * @param x `[timeSteps, batch, inputs]`, or token ids `[timeSteps, batch]` that stand for one-hot vectors
   * @returns the outputs `[timeSteps, batch, width]`, in which masked steps repeat the state, and the final state
   */
  abstract sequence(x: tf.Tensor, state: State, options?: SequenceOptions): { h: tf.Tensor3D; state: State };
}

/** The options of `tf.layers.Layer` for a layer that may be the first of a model. */
export function layerOptions(name: string, inputs: number | undefined): { name: string; batchInputShape?: tf.Shape } {
  return inputs === undefined ? { name } : { name, batchInputShape: [null, null, inputs] };
}

/** The one input of a layer's `call`, time-major. @throws Error that names the layer when it has another rank. */
export function timeMajor(layer: tf.layers.Layer, inputs: tf.Tensor | tf.Tensor[]): tf.Tensor3D {
  const x = Array.isArray(inputs) ? inputs[0] : inputs;
  if (x?.rank !== 3) throw new Error(`${layer.name} takes [batch, timeSteps, inputs], not [${x?.shape.join(', ')}].`);
  return tf.transpose(x as tf.Tensor3D, [1, 0, 2]);
}

export function singleShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
  return Array.isArray(shape[0]) ? shape[0] : (shape as tf.Shape);
}
