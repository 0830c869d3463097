import * as tf from '@tensorflow/tfjs';
import { embeddingLookup } from '../kernels/ops.ts';
import { createStepper, type Stepper } from '../kernels/stepper.ts';
import { namedStateTensors } from '../layers/states.ts';
import type { RecurrentStack, StackOptions } from '../layers/recurrentStack.ts';
import { truncatedSequence } from '../layers/truncatedSequence.ts';
import type { LayerState, SequenceLayer } from '../layers/sequenceLayer.ts';
import type { Generator } from '../random/generator.ts';
import { type Initialization, initializeWeights } from './initialize.ts';
import { recurrentLayers, type RecurrentShape } from './recurrentLayers.ts';
import { type Parameter, parametersOf } from './weights.ts';
import { type Text } from '../phrases/phrase.ts';

/** Names of weights. */
const [EMBEDDING, KERNEL] = ['embedding/embeddings', 'dense/kernel'];

export interface NetworkShape extends RecurrentShape {
  /** Size of the alphabet for token ids, or width of the input vectors. */
  readonly inputs: number;
  /** Width of the learned embedding of token ids; 0 for one-hot vectors or vector inputs. */
  readonly embedding: number;
  readonly outputs: number;
  readonly outputActivation: 'softmax' | 'linear';
  /** True if the saved model returns one output after the last step, false for one at every step. */
  readonly lastStepOnly: boolean;
  /**
   * Whether the kernel of the output layer is the transposed embedding (Press and Wolf 2017; Inan et al. 2017), which is
   * as wide as the hidden state.
   */
  readonly tied?: boolean;
}

/** States of the recurrent layers, first layer first. */
export type ModelState = readonly LayerState[];

export interface NetworkOptions extends StackOptions {
  /** Steps after which the gradient is cut, counted from the end of the sequence; 0 or omitted: it is not cut. */
  readonly truncation?: number;
}

/**
 * Network of stacked recurrent layers and a dense layer over token ids (one-hot or embedded) or vectors.
 *
 * The layers form a `tf.Sequential`, which names and saves the weights. Training runs the same layers time-major, so
 * that the state can be carried from window to window.
 */
export class RecurrentNetwork {
  readonly network: tf.Sequential;
  /** Trainable tensors in the order of the layers. */
  readonly parameters: readonly Parameter[];
  /** Generator of the dropout masks; its state is part of a checkpoint. */
  readonly masks: Generator | undefined;
  readonly #inputs: number;
  readonly #embeds: boolean;
  readonly #tied: boolean;
  readonly #recurrent: RecurrentStack;

  /** @param masks generator of the dropout masks; omitted: no dropout */
  constructor(shape: NetworkShape, masks?: Generator) {
    const { inputs, embedding, outputs: units, outputActivation: activation, lastStepOnly } = shape;
    this.masks = masks;
    this.#inputs = inputs;
    this.#embeds = embedding > 0;
    this.#tied = shape.tied ?? false;
    // The name that TensorFlow.js gives to the first network of a process: files of equal models are equal.
    this.network = tf.sequential({ name: 'sequential_1' });
    if (this.#embeds) {
      const sizes = { inputDim: inputs, outputDim: embedding, batchInputShape: [null, null] };
      this.network.add(tf.layers.embedding({ name: 'embedding', ...sizes, embeddingsInitializer: 'zeros' }));
    }
    const output = { width: units, weights: () => this.outputLayer };
    this.#recurrent = recurrentLayers(shape, {
      inputs: this.#embeds ? undefined : inputs,
      lastStepOnly,
      masks,
      output,
    });
    this.#recurrent.addTo(this.network);
    this.network.add(tf.layers.dense({ name: 'dense', units, activation, kernelInitializer: 'zeros' }));
    this.parameters = parametersOf(this.network).filter(({ name }) => !(this.#tied && name === KERNEL));
  }

  /** Draws the initial weights. */
  initialize(generator: Generator, initialization: Initialization): void {
    initializeWeights(this, generator, initialization);
  }

  /** Whether token ids are embedded. */
  get embeds(): boolean {
    return this.#embeds;
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  }

  /** The recurrent layers, first layer first. */
  get layers(): readonly SequenceLayer[] {
    return this.#recurrent.layers;
  }

  /** Reason why plain TensorFlow.js cannot open the saved model, shown to the user; undefined if it can. */
  get stockObstacle(): Text | undefined {
    return this.#recurrent.stockObstacle;
  }

  /** The state before the first step: zeros. */
  zeroState(batch: number): ModelState {
    return this.#recurrent.zeroState(batch);
  }

  /**
   * Output of the last recurrent layer at its last step, `[batch, width]`; both directions concatenated for a
   * bidirectional layer.
   */
  lastOutput(states: ModelState): tf.Tensor2D {
    const [layer, state] = [this.layers.at(-1), states.at(-1)];
    if (!layer || !state) throw new RangeError('A model without recurrent layers has no hidden state.');
    return layer.outputOf(state);
  }

  /**
   * Runs all layers except the output layer, which training fuses with the loss.
   * @param inputs token ids `[timeSteps, batch]`, int32, or input vectors of the first recurrent layer
   *   `[timeSteps, batch, width]`
   * @param state state before the first step
   * @param options taps of the recurrent layers by name (`lstm_1`, `gru_1`, `simple_rnn_1`), whether dropout is on, and
   *   where the gradient is cut
   * @returns hidden states of the last recurrent layer `[timeSteps, batch, units]`, and the state after the last step
   */
  hiddenStates(
    inputs: tf.Tensor,
    state: ModelState,
    { truncation = 0, ...options }: NetworkOptions = {},
  ): { h: tf.Tensor3D; state: ModelState } {
    const x = this.#embeds && inputs.rank === 2 ? this.inputVectors(inputs as tf.Tensor2D) : inputs;
    const { h, states } =
      truncation === 0
        ? this.#recurrent.sequence(x, state, options)
        : truncatedSequence(this.#recurrent, x, state, truncation, options);
    return { h, state: states };
  }

  /** Input vectors of the first recurrent layer for token ids `[timeSteps, batch]`: embedded or one-hot. */
  inputVectors(ids: tf.Tensor2D): tf.Tensor3D {
    if (this.#embeds) return embeddingLookup({ table: this.#weight(EMBEDDING), ids });
    return tf.oneHot(ids, this.#inputs).toFloat() as tf.Tensor3D;
  }

  /**
   * The network over token ids, step by step from a state, with its current weights and without dropout; undefined if
   * the current backend or a layer has no stepper. The caller disposes it.
   * @param rows maximum number of sequences
   */
  stepper(state: ModelState, rows: number): Stepper | undefined {
    let stepper: Stepper | undefined;
    tf.tidy(() => {
      const layers = this.layers.map((layer) => layer.stepped()).filter((layer) => layer !== undefined);
      if (layers.length < this.layers.length) return;
      const table = this.#embeds ? this.#weight(EMBEDDING) : undefined;
      const states = state.map((layer) => namedStateTensors(layer).map(({ tensor }) => tensor));
      stepper = createStepper({ table, layers, output: this.outputLayer }, states, rows);
    });
    return stepper;
  }

  /**
   * Weights of the output layer: `kernel [units, outputs]` and `bias [outputs]`. Call inside `tf.tidy`: a tied kernel is
   * computed. Its gradient adds to that of the embedding.
   */
  get outputLayer(): { kernel: tf.Tensor2D; bias: tf.Tensor1D } {
    const kernel = this.#tied ? tf.transpose<tf.Tensor2D>(this.#weight(EMBEDDING)) : this.#weight(KERNEL);
    return { kernel, bias: this.#weight('dense/bias') };
  }

  /** Copies a tied kernel into the layers of `network`, which have their own, so that they can be saved. */
  updateNetwork(): void {
    if (!this.#tied) return;
    const stored = parametersOf(this.network).find(({ name }) => name === KERNEL);
    tf.tidy(() => stored?.variable.assign(this.outputLayer.kernel));
  }

  /**
   * Outputs before the activation, `[n, outputs]`, for hidden states `[n, units]` or `[timeSteps, batch, units]`
   * (time-major).
   */
  outputsOf(h: tf.Tensor2D | tf.Tensor3D): tf.Tensor2D {
    const { kernel, bias } = this.outputLayer;
    return tf.add(tf.matMul(tf.reshape<tf.Rank.R2>(h, [-1, kernel.shape[0]]), kernel), bias);
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
