import type * as tf from '@tensorflow/tfjs';
import { maskSteps } from '../kernels/ops.ts';
import type { Generator } from '../random/generator.ts';
import { Dropout } from './dropout.ts';
import type { LayerState, SequenceLayer, SequenceOptions } from './sequenceLayer.ts';
import { type Text } from '../phrases/phrase.ts';

export interface StackOptions extends SequenceOptions {
  /** True if dropout is on. */
  readonly training?: boolean;
}

/**
 * Stacked recurrent layers with dropout between them (Zaremba et al. 2014: between layers, never between steps).
 */
export class RecurrentStack {
  readonly layers: readonly SequenceLayer[];
  readonly #dropouts: readonly Dropout[];

  /** @param dropout rate and generator; without it, or at a rate of 0, nothing is dropped */
  constructor(layers: readonly SequenceLayer[], dropout?: { rate: number; generator: Generator }) {
    this.layers = layers;
    this.#dropouts = dropout
      ? layers.slice(1).map((_, index) => new Dropout({ name: `dropout_${index + 1}`, ...dropout }))
      : [];
  }

  /** Message that says why plain TensorFlow.js cannot open a model with these layers; undefined if it can. */
  get stockObstacle(): Text | undefined {
    return this.layers.find(({ stockObstacle }) => stockObstacle !== undefined)?.stockObstacle;
  }

  /** Adds the layers to a network, which names and saves them. */
  addTo(network: tf.Sequential): void {
    this.layers.forEach((layer, index) => {
      const dropout = this.#dropouts[index - 1];
      if (dropout) network.add(dropout);
      network.add(layer);
    });
  }

  /** Zero states before the first step, first layer first. */
  zeroState(batch: number): LayerState[] {
    return this.layers.map((layer) => layer.zeroState(batch));
  }

  /**
   * Runs over a sequence from given states.
   * @param x `[timeSteps, batch, inputs]`, or token ids `[timeSteps, batch]`, read as one-hot vectors
   * @returns outputs of the last layer `[timeSteps, batch, width]`, zero in masked steps, and the final states
   */
  sequence(
    x: tf.Tensor,
    states: readonly LayerState[],
    { training = false, ...options }: StackOptions = {},
  ): { h: tf.Tensor3D; states: LayerState[] } {
    let h = x;
    const after = this.layers.map((layer, index) => {
      const dropout = training ? this.#dropouts[index - 1] : undefined;
      const result = layer.sequence(dropout ? dropout.drop(h) : h, states[index]!, options);
      h = result.h;
      return result.state;
    });
    const { lengths } = options;
    return { h: lengths ? maskSteps({ x: h as tf.Tensor3D, lengths }) : (h as tf.Tensor3D), states: after };
  }
}
