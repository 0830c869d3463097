import * as tf from '@tensorflow/tfjs';
import type { Recurrent } from './recurrent.ts';
import {
  type BidirectionalState,
  layerOptions,
  SequenceLayer,
  type SequenceOptions,
  singleShape,
  timeMajor,
} from './sequenceLayer.ts';
import { type Text } from '../phrases/phrase.ts';

export interface BidirectionalOptions {
  readonly name: string;
  /** Layer to run in both directions, as copies named `forward_...` and `backward_...`. */
  readonly layer: Recurrent;
  /** Width of the inputs; only the first layer of a model needs it. */
  readonly inputs?: number;
}

/**
 * Bidirectional layer: one layer in each direction over the same inputs, with concatenated outputs (Schuster and
 * Paliwal 1997). It replaces `tf.layers.bidirectional` with `mergeMode: 'concat'`: same configuration and weights on
 * disk.
 */
export class Bidirectional extends SequenceLayer<BidirectionalState> {
  static readonly className = 'Bidirectional';
  readonly forward: Recurrent;
  readonly backward: Recurrent;
  readonly #layer: Recurrent;

  /** @throws RangeError for a backward layer, because the stock wrapper would return all its outputs in reverse */
  constructor({ name, layer, inputs }: BidirectionalOptions) {
    super(layerOptions(name, inputs));
    if (layer.goBackwards)
      throw new RangeError(`The layer "${layer.name}" is backward; ${name} requires a forward layer.`);
    this.#layer = layer;
    this.forward = layer.copy({ name: `forward_${layer.name}` });
    this.backward = layer.copy({ name: `backward_${layer.name}`, goBackwards: true });
  }

  override get stockObstacle(): Text | undefined {
    return this.#layer.stockObstacle;
  }

  override initializeBias(forgetBias: number): void {
    for (const direction of this.#directions) direction.initializeBias(forgetBias);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    for (const direction of this.#directions) direction.build(inputShape, `${direction.name}/`);
    this.built = true;
  }

  /** Concatenated outputs of both directions, each at the last step that the direction processes. */
  override outputOf({ forward, backward }: BidirectionalState): tf.Tensor2D {
    return tf.concat2d([this.forward.outputOf(forward), this.backward.outputOf(backward)], 1);
  }

  override zeroState(batch: number): BidirectionalState {
    return { forward: this.forward.zeroState(batch), backward: this.backward.zeroState(batch) };
  }

  /** Returns outputs `[timeSteps, batch, 2 * units]`, both directions in the order of the steps. */
  override sequence(
    x: tf.Tensor,
    state: BidirectionalState,
    options: SequenceOptions = {},
  ): { h: tf.Tensor3D; state: BidirectionalState } {
    const forward = this.forward.sequence(x, state.forward, options);
    const backward = this.backward.sequence(x, state.backward, options);
    return { h: tf.concat3d([forward.h, backward.h], 2), state: { forward: forward.state, backward: backward.state } };
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = timeMajor(this, inputs);
      const { h, state } = this.sequence(x, this.zeroState(x.shape[1]));
      return this.forward.returnSequences ? tf.transpose(h, [1, 0, 2]) : this.outputOf(state);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch = null, timeSteps = null] = singleShape(inputShape);
    const width = 2 * this.forward.outputs;
    return this.forward.returnSequences ? [batch, timeSteps, width] : [batch, width];
  }

  override get trainableWeights(): tf.LayerVariable[] {
    return this.#directions.flatMap((direction) => direction.trainableWeights);
  }

  override get nonTrainableWeights(): tf.LayerVariable[] {
    return this.#directions.flatMap((direction) => direction.nonTrainableWeights);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const layer = { className: this.#layer.getClassName(), config: this.#layer.getConfig() };
    return { ...super.getConfig(), layer, mergeMode: 'concat' };
  }

  get #directions(): readonly Recurrent[] {
    return [this.forward, this.backward];
  }
}
