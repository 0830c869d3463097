import * as tf from '@tensorflow/tfjs';
import type { ActivationPlace, CellDescription } from '../config/cells.ts';
import type { SequenceInputs } from '../kernels/contract.ts';
import type { Float64Matrix } from '../kernels/float64Matrix.ts';
import { finalState, type SequenceOptions as KernelOptions } from '../kernels/sequences.ts';
import type { SteppedCell, SteppedLayer } from '../kernels/stepper.ts';
import type { CellEquations, CellWeights } from './equations/cellEquations.ts';
import type { StateJacobians, Trajectory } from './jacobian/stateJacobian.ts';
import {
  type HiddenState,
  layerOptions,
  type LstmState,
  SequenceLayer,
  type SequenceOptions,
  singleShape,
  timeMajor,
} from './sequenceLayer.ts';

/** Inputs of a sequence kernel except the states before the first step. */
export type CellInputs = Omit<SequenceInputs, 'h0'>;

export interface RecurrentOptions {
  readonly name: string;
  readonly units: number;
  /** Width of the inputs; only the first layer of a model needs it. */
  readonly inputs?: number;
  readonly useBias?: boolean;
  /**
   * True to return the hidden states of all steps, false for only that of the last step processed. Has an effect
   * inside a `tf.LayersModel` only.
   */
  readonly returnSequences?: boolean;
  /** Processes the steps from the last to the first. */
  readonly goBackwards?: boolean;
}

/**
 * Recurrent layer on a sequence kernel of this project. It replaces the stock layer of the same class name: it has the
 * same configuration and weights on disk, so that plain TensorFlow.js opens a model saved with it.
 */
export abstract class Recurrent<
  State extends HiddenState | LstmState = HiddenState | LstmState,
> extends SequenceLayer<State> {
  readonly units: number;
  readonly useBias: boolean;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
  /** Cell that the layer computes. */
  abstract readonly kind: CellDescription;
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

  /** Width of the output at each step. */
  get outputs(): number {
    return this.units;
  }

  /** Width of the vector that is fed back: rows of the stored weight `recurrent_kernel`. */
  protected get fedBack(): number {
    return this.outputs;
  }

  /** Matrix that multiplies the hidden state in each step, `[units, gates * units]`. */
  recurrentWeight(): tf.Tensor2D {
    return this.storedRecurrentKernel;
  }

  /** Second factor of a recurrent weight that is a product of two matrices; undefined for a single matrix. */
  get recurrentFactor(): 'output' | 'projection' | undefined {
    return undefined;
  }

  /** Activations that can saturate: the gates. */
  get saturating(): readonly ActivationPlace[] {
    return this.kind.activations.filter(({ name }) => name !== 'hidden' && name !== 'cellState');
  }

  /** Gate whose initial bias is the field `forgetBias` of the configuration; undefined for a cell without it. */
  get forgetGate(): ActivationPlace | undefined {
    if (!this.kind.fields.includes('forgetBias')) return undefined;
    return this.kind.activations.find(({ name }) => name === 'forget');
  }

  /**
   * Jacobians of the steps of one sequence; undefined for a cell that does not define them, whose probes omit the
   * curve.
   * @param recurrentKernel `[units, gates * units]`
   */
  stateJacobians(_trajectory: Trajectory, _recurrentKernel: Float64Matrix): StateJacobians | undefined {
    return undefined;
  }

  /** Equations of a step in float64; undefined for a cell that does not define them, which is not explained. */
  equations(_weights: CellWeights): CellEquations | undefined {
    return undefined;
  }

  /**
   * Weights as the kernel reads them: `kernel [inputs, gates * units]`, `recurrentKernel [units, gates * units]` and
   * `bias`. Call inside `tf.tidy`: some layers compute them.
   */
  kernelWeights(): { kernel: tf.Tensor2D; recurrentKernel: tf.Tensor2D; bias: tf.Tensor } {
    return {
      kernel: this.#read(this.#kernel) as tf.Tensor2D,
      recurrentKernel: this.recurrentWeight(),
      bias: this.biasWeight(),
    };
  }

  /** Cell of a stepper that computes the same; undefined if there is none. */
  protected get steppedCell(): SteppedCell | undefined {
    return undefined;
  }

  override stepped(): SteppedLayer | undefined {
    const { steppedCell: cell } = this;
    return cell && { cell, ...this.kernelWeights() };
  }

  override outputOf({ h }: State): tf.Tensor2D {
    return h;
  }

  /** Creates an unbuilt layer with the same options except for some changes. */
  abstract copy(changes: Partial<RecurrentOptions>): Recurrent<State>;

  /**
   * Runs the cell's kernel.
   * @param state state before the first step processed
   * @returns hidden states of all steps `[timeSteps, batch, units]`, and the state after the last step processed
   */
  abstract run(inputs: CellInputs, state: State, options: KernelOptions): { h: tf.Tensor3D; state: State };

  override sequence(
    x: tf.Tensor,
    state: State,
    { lengths, tapsOf }: SequenceOptions = {},
  ): { h: tf.Tensor3D; state: State } {
    const inputs = { x, ...this.kernelWeights(), ...(lengths && { lengths }) };
    return this.run(inputs, state, { reverse: this.goBackwards, taps: tapsOf?.(this.name) });
  }

  /** @param scope prefix of the names of the weights; a wrapper sets it to distinguish its layers on disk */
  override build(inputShape: tf.Shape | tf.Shape[], scope = ''): void {
    const inputs = singleShape(inputShape).at(-1);
    if (typeof inputs !== 'number') throw new Error(`The layer ${this.name} requires the width of its inputs.`);
    const width = this.kind.gates * this.units;
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
      // Stock layers return the steps in the order in which they were processed.
      return tf.transpose(this.goBackwards ? tf.reverse(h, 0) : h, [1, 0, 2]);
    });
  }

  override initializeBias(forgetBias: number): void {
    const { units, forgetGate } = this;
    if (!this.#bias || !forgetGate) return;
    const values = new Float32Array(tf.util.sizeFromShape(this.biasShape));
    values.fill(forgetBias, forgetGate.block * units, (forgetGate.block + 1) * units);
    const bias = this.#bias;
    tf.tidy(() => void bias.write(tf.tensor(values, this.biasShape)));
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch = null, timeSteps = null] = singleShape(inputShape);
    return this.returnSequences ? [batch, timeSteps, this.outputs] : [batch, this.outputs];
  }

  /** Configuration that all stock recurrent layers share. */
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

  /** Stored weight `recurrent_kernel`, `[fedBack, gates * units]`. */
  protected get storedRecurrentKernel(): tf.Tensor2D {
    return this.#read(this.#recurrentKernel) as tf.Tensor2D;
  }

  protected get biasShape(): number[] {
    return [this.kind.gates * this.units];
  }

  /** Bias added in each step. A layer without bias returns zeros, whose gradient is not used. */
  protected biasWeight(): tf.Tensor {
    return this.useBias ? this.#read(this.#bias) : tf.zeros(this.biasShape);
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

/** Recurrent layer whose whole state is the hidden state. */
export abstract class HiddenStateLayer extends Recurrent<HiddenState> {
  /** Runs the cell's kernel and returns the hidden states of all steps, `[timeSteps, batch, units]`. */
  protected abstract hiddenStates(inputs: SequenceInputs, options: KernelOptions): tf.Tensor3D;

  override zeroState(batch: number): HiddenState {
    return { h: this.zeros(batch) };
  }

  override run(
    inputs: CellInputs,
    { h: h0 }: HiddenState,
    options: KernelOptions,
  ): { h: tf.Tensor3D; state: HiddenState } {
    const h = this.hiddenStates({ ...inputs, h0 }, options);
    return { h, state: { h: finalState(h, options.reverse ?? false) } };
  }
}
