import * as tf from '@tensorflow/tfjs';
import { embeddingLookup } from '../kernels/ops.ts';
import type { RecurrentStack, StackOptions } from '../layers/recurrentStack.ts';
import type { LayerState } from '../layers/sequenceLayer.ts';
import type { Generator } from '../random/generator.ts';
import { type Initialization, initializeWeights } from './initialize.ts';
import { recurrentLayers, type RecurrentShape } from './recurrentLayers.ts';
import { type Parameter, parametersOf } from './weights.ts';

/** What fixes the shapes of a character language model. */
export interface LanguageModelShape extends RecurrentShape {
  readonly vocabularySize: number;
  /** Width of the learned embedding; 0 feeds one-hot vectors. */
  readonly embedding: number;
}

/** The state of every recurrent layer, first layer first. */
export type ModelState = readonly LayerState[];

/**
 * A language model: token ids, one-hot or embedded, through stacked recurrent layers and a dense layer to the logits
 * of the next token (Graves 2013, "Generating sequences with recurrent neural networks").
 *
 * The layers form a `tf.Sequential`, which names and saves the weights; `forward` walks the same layers
 * time-major, so that the state can be carried from window to window.
 */
export class LanguageModel {
  readonly shape: LanguageModelShape;
  readonly network: tf.Sequential;
  /** The trainable tensors in the order of the layers. */
  readonly parameters: readonly Parameter[];
  /** Draws the masks of dropout; its state belongs into a checkpoint. */
  readonly masks: Generator | undefined;
  readonly #recurrent: RecurrentStack;

  /** @param masks draws the masks of dropout; a model without it drops nothing */
  constructor(shape: LanguageModelShape, masks?: Generator) {
    this.shape = shape;
    this.masks = masks;
    this.network = tf.sequential();
    if (shape.embedding > 0) {
      this.network.add(
        tf.layers.embedding({
          name: 'embedding',
          inputDim: shape.vocabularySize,
          outputDim: shape.embedding,
          embeddingsInitializer: 'zeros',
          batchInputShape: [null, null],
        }),
      );
    }
    this.#recurrent = recurrentLayers(shape, shape.embedding > 0 ? undefined : shape.vocabularySize, masks);
    this.#recurrent.addTo(this.network);
    this.network.add(
      tf.layers.dense({ name: 'dense', units: shape.vocabularySize, activation: 'softmax', kernelInitializer: 'zeros' }),
    );
    this.parameters = parametersOf(this.network);
  }

  /** Draws the initial weights. */
  initialize(generator: Generator, initialization: Initialization): void {
    initializeWeights(this.parameters, generator, initialization);
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  }

  /** Why plain TensorFlow.js cannot open the saved model, for the user; undefined where it can. */
  get stockObstacle(): string | undefined {
    return this.#recurrent.stockObstacle;
  }

  /** The state before the first token: zeros. */
  zeroState(batch: number): ModelState {
    return this.#recurrent.zeroState(batch);
  }

  /**
   * @param ids token ids `[timeSteps, batch]`, int32
   * @param state the state before the first of them
   * @returns logits of the next token `[timeSteps * batch, vocabularySize]`, time-major, and the state after the last
   */
  forward(ids: tf.Tensor2D, state: ModelState): { logits: tf.Tensor2D; state: ModelState } {
    const { h, state: after } = this.hiddenStates(ids, state);
    const { kernel, bias } = this.outputLayer;
    return { logits: tf.add(tf.matMul(h, kernel), bias), state: after };
  }

  /**
   * All but the output layer, with which training takes the loss in one.
   * @param options taps of a recurrent layer, by its name (`lstm_1`, `gru_1`, `simple_rnn_1`); whether dropout is on
   * @returns hidden states of the last recurrent layer `[timeSteps * batch, units]`, time-major, and the state after the last
   */
  hiddenStates(ids: tf.Tensor2D, state: ModelState, options: StackOptions = {}): { h: tf.Tensor2D; state: ModelState } {
    const x = this.shape.embedding > 0 ? embeddingLookup({ table: this.#weight('embedding/embeddings'), ids }) : ids;
    const { h, states } = this.#recurrent.sequence(x, state, options);
    return { h: tf.reshape(h, [-1, this.shape.units]), state: states };
  }

  /** `kernel [units, vocabularySize]` and `bias [vocabularySize]` of the layer that makes logits of hidden states. */
  get outputLayer(): { kernel: tf.Tensor2D; bias: tf.Tensor1D } {
    return { kernel: this.#weight('dense/kernel'), bias: this.#weight('dense/bias') };
  }

  dispose(): void {
    this.network.dispose();
  }

  #weight<Shaped extends tf.Tensor = tf.Tensor2D>(name: string): Shaped {
    const parameter = this.parameters.find((candidate) => candidate.name === name);
    if (!parameter) throw new Error(`The model has no weight "${name}".`);
    return parameter.variable as tf.Tensor as Shaped;
  }
}
