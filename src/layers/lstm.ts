import * as tf from '@tensorflow/tfjs';
import { lstmSequence } from '../kernels/ops.ts';

/** The state that an LSTM carries from step to step, each `[batch, units]`. */
export interface LstmState {
  readonly h: tf.Tensor2D;
  readonly c: tf.Tensor2D;
}

export interface LstmOptions {
  readonly name: string;
  readonly units: number;
  /** Width of the inputs, for the first layer of a model. */
  readonly inputs?: number;
}

/**
 * An LSTM on our sequence kernel, a drop-in for `tf.layers.lstm({ returnSequences: true })`: same class
 * name, configuration and weights on disk, so that a model saved with it opens in plain TensorFlow.js.
 *
 * Inside a model it maps `[batch, timeSteps, inputs]` to `[batch, timeSteps, units]`, as the stock layer
 * does; training uses `sequence`, which is time-major, takes token ids and carries the state.
 */
export class Lstm extends tf.layers.Layer {
  static readonly className = 'LSTM';
  readonly units: number;
  #kernel: tf.LayerVariable | undefined;
  #recurrentKernel: tf.LayerVariable | undefined;
  #bias: tf.LayerVariable | undefined;

  constructor({ name, units, inputs }: LstmOptions) {
    super(inputs === undefined ? { name } : { name, batchInputShape: [null, null, inputs] });
    this.units = units;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const inputs = lastDimension(inputShape);
    const zeros = tf.initializers.zeros();
    this.#kernel = this.addWeight('kernel', [inputs, 4 * this.units], 'float32', zeros);
    this.#recurrentKernel = this.addWeight('recurrent_kernel', [this.units, 4 * this.units], 'float32', zeros);
    this.#bias = this.addWeight('bias', [4 * this.units], 'float32', zeros);
    this.built = true;
  }

  /**
   * Runs over a sequence from a given state.
   * @param x `[timeSteps, batch, inputs]`, or token ids `[timeSteps, batch]` that stand for one-hot vectors
   * @returns the hidden states `[timeSteps, batch, units]` and the state after the last step
   */
  sequence(x: tf.Tensor, state: LstmState): { h: tf.Tensor3D; state: LstmState } {
    const { h, cLast } = lstmSequence({
      x,
      kernel: read(this.#kernel) as tf.Tensor2D,
      recurrentKernel: read(this.#recurrentKernel) as tf.Tensor2D,
      bias: read(this.#bias) as tf.Tensor1D,
      h0: state.h,
      c0: state.c,
    });
    return { h, state: { h: lastStep(h), c: cLast } };
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (x?.rank !== 3) throw new Error(`${this.name} takes [batch, timeSteps, inputs], not [${x?.shape.join(', ')}].`);
      const zeros = tf.zeros<tf.Rank.R2>([x.shape[0] ?? 0, this.units]);
      const { h } = this.sequence(tf.transpose(x, [1, 0, 2]), { h: zeros, c: zeros });
      return tf.transpose(h, [1, 0, 2]);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch = null, timeSteps = null] = singleShape(inputShape);
    return [batch, timeSteps, this.units];
  }

  /** The stock layer's configuration, with the activations that Keras and PyTorch use and stock TensorFlow.js does not default to. */
  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      units: this.units,
      activation: 'tanh',
      recurrentActivation: 'sigmoid',
      useBias: true,
      unitForgetBias: true,
      kernelInitializer: { className: 'GlorotUniform', config: {} },
      recurrentInitializer: { className: 'Orthogonal', config: {} },
      biasInitializer: { className: 'Zeros', config: {} },
      returnSequences: true,
      returnState: false,
      goBackwards: false,
      stateful: false,
      unroll: false,
      implementation: 1,
      dropout: 0,
      recurrentDropout: 0,
    };
  }
}

function read(variable: tf.LayerVariable | undefined): tf.Tensor {
  if (!variable) throw new Error('The LSTM layer has not been built.');
  return variable.read();
}

/** The last step of `[timeSteps, batch, units]`, `[batch, units]`. */
function lastStep(sequence: tf.Tensor3D): tf.Tensor2D {
  const [timeSteps, batch, units] = sequence.shape;
  return tf.reshape(tf.slice(sequence, [timeSteps - 1, 0, 0], [1, batch, units]), [batch, units]);
}

function singleShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
  return Array.isArray(shape[0]) ? shape[0] : (shape as tf.Shape);
}

function lastDimension(shape: tf.Shape | tf.Shape[]): number {
  const size = singleShape(shape).at(-1);
  if (typeof size !== 'number') throw new Error('The LSTM layer needs to know the width of its inputs.');
  return size;
}
