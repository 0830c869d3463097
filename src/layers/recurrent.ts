import * as tf from '@tensorflow/tfjs';
import type { SequenceInputs } from '../kernels/contract.ts';
import {
  type HiddenState,
  layerOptions,
  type LstmState,
  SequenceLayer,
  singleShape,
  timeMajor,
} from './sequenceLayer.ts';

export interface RecurrentOptions {
  readonly name: string;
  readonly units: number;
  /** Width of the inputs, for the first layer of a model. */
  readonly inputs?: number;
  readonly useBias?: boolean;
  /**
   * Whether the layer gives the hidden states of all steps, or only that of the last step walked. Inside a
   * `tf.LayersModel` only.
   */
  readonly returnSequences?: boolean;
  /** Walks from the last step to the first. */
  readonly goBackwards?: boolean;
}

/**
 * A recurrent layer on one of our sequence kernels, a drop-in for the stock layer of the same class name: same
 * configuration and weights on disk, so that a model saved with it opens in plain TensorFlow.js.
 */
export abstract class Recurrent<
  State extends HiddenState | LstmState = HiddenState | LstmState,
> extends SequenceLayer<State> {
  readonly units: number;
  readonly useBias: boolean;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
  /** Blocks of `units` columns in the kernels. */
  protected abstract readonly gates: number;
  #kernel: tf.LayerVariable | undefined;
  #recurrentKernel: tf.LayerVariable | undefined;
  #bias: tf.LayerVariable | undefined;

  constructor({ name, units, inputs, useBias = true, returnSequences = true, goBackwards = false }: RecurrentOptions) {
    super(layerOptions(name, inputs));
    this.units = units;
    this.useBias = useBias;
    this.returnSequences = returnSequences;
    this.goBackwards = goBackwards;
  }

  /** Width of what the layer gives at each step. */
  get outputs(): number {
    return this.units;
  }

  /** Width of what is fed back: rows of the weight `recurrent_kernel` as it is stored. */
  protected get fedBack(): number {
    return this.outputs;
  }

  /** What the hidden state is multiplied by in each step, `[units, gates * units]`. */
  recurrentWeight(): tf.Tensor2D {
    return this.storedRecurrentKernel;
  }

  override outputOf({ h }: State): tf.Tensor2D {
    return h;
  }

  /** A layer like this one, not built, with some options changed. */
  abstract copy(changes: Partial<RecurrentOptions>): Recurrent<State>;

  /** @param scope stands before the names of the weights; a wrapper sets it to tell its layers apart on disk */
  override build(inputShape: tf.Shape | tf.Shape[], scope = ''): void {
    const inputs = singleShape(inputShape).at(-1);
    if (typeof inputs !== 'number') throw new Error(`The layer ${this.name} needs to know the width of its inputs.`);
    const width = this.gates * this.units;
    const zeros = tf.initializers.zeros();
    this.#kernel = this.addWeight(`${scope}kernel`, [inputs, width], 'float32', zeros);
    this.#recurrentKernel = this.addWeight(`${scope}recurrent_kernel`, [this.fedBack, width], 'float32', zeros);
    if (this.useBias) this.#bias = this.addWeight(`${scope}bias`, this.biasShape, 'float32', zeros);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = timeMajor(this, inputs);
      const { h, state } = this.sequence(x, this.zeroState(x.shape[1]));
      if (!this.returnSequences) return this.outputOf(state);
      // Stock layers give the steps in the order in which they were walked.
      return tf.transpose(this.goBackwards ? tf.reverse(h, 0) : h, [1, 0, 2]);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch = null, timeSteps = null] = singleShape(inputShape);
    return this.returnSequences ? [batch, timeSteps, this.outputs] : [batch, this.outputs];
  }

  /** What the configurations of all stock recurrent layers have in common. */
  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      units: this.units,
      activation: 'tanh',
      useBias: this.useBias,
      kernelInitializer: { className: 'GlorotUniform', config: {} },
      recurrentInitializer: { className: 'Orthogonal', config: {} },
      biasInitializer: { className: 'Zeros', config: {} },
      returnSequences: this.returnSequences,
      returnState: false,
      goBackwards: this.goBackwards,
      stateful: false,
      unroll: false,
      dropout: 0,
      recurrentDropout: 0,
    };
  }

  protected get options(): RecurrentOptions {
    const { name, units, useBias, returnSequences, goBackwards } = this;
    return { name, units, useBias, returnSequences, goBackwards };
  }

  /** The weight `recurrent_kernel` as it is stored, `[fedBack, gates * units]`. */
  protected get storedRecurrentKernel(): tf.Tensor2D {
    return this.#read(this.#recurrentKernel) as tf.Tensor2D;
  }

  protected get biasShape(): number[] {
    return [this.gates * this.units];
  }

  /** What is added to the sums of a step. A layer without bias gives zeros, whose gradient nobody asks for. */
  protected biasWeight(): tf.Tensor {
    return this.useBias ? this.#read(this.#bias) : tf.zeros(this.biasShape);
  }

  /** What the kernel takes, but for the states. */
  protected kernelInputs<Bias extends tf.Tensor>(
    x: tf.Tensor,
    lengths: tf.Tensor1D | undefined,
  ): Omit<SequenceInputs, 'h0' | 'bias'> & { bias: Bias } {
    return {
      x,
      kernel: this.#read(this.#kernel) as tf.Tensor2D,
      recurrentKernel: this.recurrentWeight(),
      bias: this.biasWeight() as Bias,
      ...(lengths && { lengths }),
    };
  }

  /** Zeros, `[batch, units]`. */
  protected zeros(batch: number): tf.Tensor2D {
    return tf.zeros([batch, this.units]);
  }

  #read(variable: tf.LayerVariable | undefined): tf.Tensor {
    if (!variable) throw new Error(`The layer ${this.name} has not been built.`);
    return variable.read();
  }
}
