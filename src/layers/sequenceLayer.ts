import * as tf from '@tensorflow/tfjs';
import type { Taps } from '../kernels/contract.ts';
import type { SteppedLayer } from '../kernels/stepper.ts';
import { type Text } from '../phrases/phrase.ts';

/** State of a cell without a cell state, `[batch, units]`. */
export interface HiddenState {
  readonly h: tf.Tensor2D;
}

/** State of an LSTM, each `[batch, units]`. */
export interface LstmState extends HiddenState {
  readonly c: tf.Tensor2D;
}

/** States of both directions, each before the first or after the last step that the direction processes. */
export interface BidirectionalState {
  readonly forward: HiddenState | LstmState;
  readonly backward: HiddenState | LstmState;
}

export type LayerState = HiddenState | LstmState | BidirectionalState;

export interface SequenceOptions {
  /** Number of steps of each sequence, `[batch]` int32; without it, all sequences have full length. */
  readonly lengths?: tf.Tensor1D | undefined;
  /** Returns the taps of a layer by its name. Called for both directions of a bidirectional layer. */
  readonly tapsOf?: ((layer: string) => Taps | undefined) | undefined;
}

/**
 * Layer over whole sequences that runs in two ways. Inside a `tf.LayersModel` it maps `[batch, timeSteps, inputs]` as
 * the stock layer of its class name does. Training calls `sequence`, which is time-major, accepts token ids, takes and
 * returns the state, and supports lengths.
 */
export abstract class SequenceLayer<State extends LayerState = LayerState> extends tf.layers.Layer {
  /** Message that says why plain TensorFlow.js cannot open a model with this layer; undefined if it can. */
  get stockObstacle(): Text | undefined {
    return undefined;
  }

  /**
   * The layer as a stepper runs it; undefined for a layer that only runs over whole sequences. Call inside `tf.tidy`:
   * some layers compute their weights.
   */
  stepped(): SteppedLayer | undefined {
    return undefined;
  }

  /** Output at the last step processed, `[batch, width]`, from the final state. */
  abstract outputOf(state: State): tf.Tensor2D;

  /** Sets the initial biases: `forgetBias` for the forget gates of the cells that have that field, zero for others. */
  abstract initializeBias(forgetBias: number): void;

  /** Zero state before the first step. */
  abstract zeroState(batch: number): State;

  /**
   * Runs over a sequence from a given state.
   * @param x `[timeSteps, batch, inputs]`, or token ids `[timeSteps, batch]`, read as one-hot vectors
   * @returns outputs `[timeSteps, batch, width]`, which repeat the state in masked steps, and the final state
   */
  abstract sequence(x: tf.Tensor, state: State, options?: SequenceOptions): { h: tf.Tensor3D; state: State };
}

/** Options of `tf.layers.Layer` for a layer that may be the first of a model. */
export function layerOptions(name: string, inputs: number | undefined): { name: string; batchInputShape?: tf.Shape } {
  return inputs === undefined ? { name } : { name, batchInputShape: [null, null, inputs] };
}

/** The single input of a layer's `call`, time-major. @throws Error that names the layer if the rank is not 3 */
export function timeMajor(layer: tf.layers.Layer, inputs: tf.Tensor | tf.Tensor[]): tf.Tensor3D {
  const x = Array.isArray(inputs) ? inputs[0] : inputs;
  if (x?.rank !== 3) throw new Error(`${layer.name} takes [batch, timeSteps, inputs], not [${x?.shape.join(', ')}].`);
  return tf.transpose(x as tf.Tensor3D, [1, 0, 2]);
}

export function singleShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
  return Array.isArray(shape[0]) ? shape[0] : (shape as tf.Shape);
}
