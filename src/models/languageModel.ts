import * as tf from '@tensorflow/tfjs';
import { embeddingLookup } from '../kernels/ops.ts';
import { glorotUniform, orthogonalRows, uniform } from '../layers/initializers.ts';
import { Lstm, type LstmState } from '../layers/lstm.ts';
import type { SequenceOptions } from '../layers/sequenceLayer.ts';
import type { Generator } from '../random/generator.ts';

/** What fixes the shapes of a character language model. */
export interface LanguageModelShape {
  readonly vocabularySize: number;
  readonly layers: number;
  readonly units: number;
  /** Width of the learned embedding; 0 feeds one-hot vectors. */
  readonly embedding: number;
}

/** A trainable tensor and its name on disk, such as `lstm_1/kernel`. */
export interface Parameter {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** The state of every recurrent layer, first layer first. */
export type ModelState = readonly LstmState[];

/**
 * A language model: token ids, one-hot or embedded, through stacked LSTMs and a dense layer to the logits
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
  readonly #recurrent: readonly Lstm[];

  constructor(shape: LanguageModelShape) {
    this.shape = shape;
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
    this.#recurrent = Array.from({ length: shape.layers }, (_, index) => {
      const options = { name: `lstm_${index + 1}`, units: shape.units };
      return new Lstm(index === 0 && shape.embedding === 0 ? { ...options, inputs: shape.vocabularySize } : options);
    });
    for (const layer of this.#recurrent) this.network.add(layer);
    this.network.add(
      tf.layers.dense({ name: 'dense', units: shape.vocabularySize, activation: 'softmax', kernelInitializer: 'zeros' }),
    );
    this.parameters = this.network.trainableWeights.map((weight) => ({
      name: weight.originalName,
      variable: weight.read() as tf.Variable,
    }));
  }

  /** Draws the initial weights: glorot-uniform kernels, orthogonal recurrent kernels, zero biases but for the forget gate's. */
  initialize(generator: Generator, forgetBias: number): void {
    const { units } = this.shape;
    for (const { name, variable } of this.parameters) {
      const [rows, columns = 0] = variable.shape as [number, number?];
      const kind = name.slice(name.indexOf('/') + 1);
      if (kind === 'embeddings') assign(variable, uniform(rows * columns, 0.05, generator));
      else if (kind === 'kernel') assign(variable, glorotUniform(rows, columns, generator));
      else if (kind === 'recurrent_kernel') assign(variable, orthogonalRows(rows, columns, generator));
      else if (name.startsWith('lstm')) assign(variable, new Float32Array(rows).fill(forgetBias, units, 2 * units));
    }
  }


  get parameterCount(): number {
    return this.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  }

  /** The state before the first token: zeros. */
  zeroState(batch: number): ModelState {
    const zeros = () => tf.zeros<tf.Rank.R2>([batch, this.shape.units]);
    return this.#recurrent.map(() => ({ h: zeros(), c: zeros() }));
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
   * @param tapsOf the taps of a recurrent layer, by its name
   * @returns hidden states of the last recurrent layer `[timeSteps * batch, units]`, time-major, and the state after the last
   */
  hiddenStates(ids: tf.Tensor2D, state: ModelState, tapsOf?: SequenceOptions['tapsOf']): { h: tf.Tensor2D; state: ModelState } {
    let x: tf.Tensor = this.shape.embedding > 0 ? embeddingLookup({ table: this.#weight('embedding/embeddings'), ids }) : ids;
    const after: LstmState[] = [];
    this.#recurrent.forEach((layer, index) => {
      const result = layer.sequence(x, state[index] as LstmState, { tapsOf });
      x = result.h;
      after.push(result.state);
    });
    return { h: tf.reshape(x, [-1, this.shape.units]), state: after };
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

function assign(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => {
    variable.assign(tf.tensor(values, variable.shape));
  });
}
