import * as tf from '@tensorflow/tfjs';
import { maxPool } from '../kernels/ops.ts';
import { Dropout } from '../layers/dropout.ts';
import { poolSequences } from '../layers/pooling.ts';
import type { Generator } from '../random/generator.ts';
import type { Initialization } from './initialize.ts';
import { type ModelState, RecurrentNetwork } from './recurrentNetwork.ts';
import type { RecurrentShape } from './recurrentLayers.ts';
import type { ForwardOptions, TokenClassifier } from './tokenClassifier.ts';
import type { Parameter } from './weights.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

export interface RecurrentClassifierShape extends RecurrentShape {
  readonly vocabularySize: number;
  /** Width of the learned embedding; 0 feeds one-hot vectors. */
  readonly embedding: number;
  readonly pooling: 'last' | 'mean' | 'max' | 'attention';
  readonly classes: number;
}

/**
 * Recurrent text classifier (many-to-one): token ids, stacked recurrent layers in one direction or both, pooling over
 * the hidden states of all steps, and a dense layer that returns the logits. Padding never changes the result.
 */
export class RecurrentClassifier implements TokenClassifier {
  readonly shape: RecurrentClassifierShape;
  readonly network: RecurrentNetwork;
  readonly #query: Parameter | undefined;
  readonly #dropout: Dropout | undefined;

  /**
   * @param masks generator of the dropout masks, between the layers and before the last; omitted: no dropout
   */
  constructor(shape: RecurrentClassifierShape, masks?: Generator) {
    const { vocabularySize: inputs, classes: outputs, pooling, dropout } = shape;
    this.shape = shape;
    this.network = new RecurrentNetwork(
      { ...shape, inputs, outputs, outputActivation: 'softmax', lastStepOnly: pooling === 'last' },
      masks,
    );
    if (pooling === 'attention') {
      const [width] = this.network.outputLayer.kernel.shape;
      this.#query = { name: 'attention/query', variable: tf.tidy(() => tf.variable(tf.zeros([width, 1]))) };
    }
    this.#dropout =
      masks && dropout > 0 ? new Dropout({ name: 'dropout', rate: dropout, generator: masks }) : undefined;
  }

  get layers(): RecurrentNetwork['layers'] {
    return this.network.layers;
  }

  get masks(): Generator | undefined {
    return this.network.masks;
  }

  /** Parameters of the network, and the attention query if there is one. */
  get parameters(): readonly Parameter[] {
    return this.#query ? [...this.network.parameters, this.#query] : this.network.parameters;
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  }

  get stockObstacle(): Text | undefined {
    if (this.shape.pooling !== 'last')
      return phrase('Plain TensorFlow.js has no layer that pools the steps of a text by its length.');
    return this.network.stockObstacle;
  }

  /** Draws the initial weights. Attention weights stay zero, so that all steps initially have the same weight. */
  initialize(generator: Generator, initialization: Initialization): void {
    this.network.initialize(generator, initialization);
  }

  logits(ids: tf.Tensor2D, lengths: tf.Tensor1D, { states, ...options }: ForwardOptions = {}): tf.Tensor2D {
    const before = states ?? this.network.zeroState(ids.shape[1]);
    const { h, state } = this.network.hiddenStates(ids, before, { ...options, lengths });
    const pooled = this.#pool(h, state, lengths);
    return this.network.outputsOf(options.training && this.#dropout ? this.#dropout.drop(pooled) : pooled);
  }

  dispose(): void {
    this.network.dispose();
    this.#query?.variable.dispose();
  }

  #pool(h: tf.Tensor3D, state: ModelState, lengths: tf.Tensor1D): tf.Tensor2D {
    switch (this.shape.pooling) {
      case 'last':
        return this.network.lastOutput(state);
      case 'mean':
        return poolSequences([h], lengths).pooled;
      case 'max':
        return maxPool({ h, lengths });
      case 'attention':
        return poolSequences([h], lengths, [this.#query?.variable as tf.Tensor2D]).pooled;
    }
  }
}
