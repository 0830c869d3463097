import * as tf from '@tensorflow/tfjs';
import type { SteppedLayer } from '../kernels/stepper.ts';
import { Lstm } from './lstm.ts';
import type { RecurrentOptions } from './recurrent.ts';
import type { LstmState, SequenceOptions } from './sequenceLayer.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

export interface ProjectedLstmOptions extends RecurrentOptions {
  /** Width of the projected hidden states. */
  readonly projection: number;
}

/**
 * LSTM layer with a projection (Sak et al. 2014, "Long short-term memory recurrent neural network architectures for
 * large scale acoustic modeling"; `proj_size` of PyTorch): the next step and the next layer receive `r_t = P (o_t *
 * tanh(c_t))`. Since `r_{t-1}` enters a step only through the recurrent kernel U, this equals an LSTM with the
 * recurrent kernel `P U`. The layer computes this small product and runs the fused kernels. The state is stored before
 * the projection.
 */
export class ProjectedLstm extends Lstm {
  static override readonly className = 'ProjectedLSTM' as never;
  readonly projection: number;
  #projection: tf.LayerVariable | undefined;

  constructor({ projection, ...options }: ProjectedLstmOptions) {
    super(options);
    this.projection = projection;
  }

  override get stockObstacle(): Text {
    return phrase('Plain TensorFlow.js has no LSTM with a projection.');
  }

  override get outputs(): number {
    return this.projection;
  }

  override copy(changes: Partial<RecurrentOptions>): ProjectedLstm {
    return new ProjectedLstm({ ...this.options, projection: this.projection, ...changes });
  }

  override build(inputShape: tf.Shape | tf.Shape[], scope = ''): void {
    super.build(inputShape, scope);
    this.#projection = this.addWeight(
      `${scope}projection_kernel`,
      [this.units, this.projection],
      'float32',
      tf.initializers.zeros(),
    );
  }

  override get recurrentFactor(): 'projection' {
    return 'projection';
  }

  override recurrentWeight(): tf.Tensor2D {
    return tf.matMul(this.#projectionKernel, this.storedRecurrentKernel);
  }

  override outputOf({ h }: LstmState): tf.Tensor2D {
    return tf.matMul(h, this.#projectionKernel);
  }

  override sequence(
    x: tf.Tensor,
    state: LstmState,
    options: SequenceOptions = {},
  ): { h: tf.Tensor3D; state: LstmState } {
    const result = super.sequence(x, state, options);
    const [timeSteps, batch, units] = result.h.shape;
    const projected = tf.matMul(tf.reshape(result.h, [timeSteps * batch, units]), this.#projectionKernel);
    return { h: tf.reshape(projected, [timeSteps, batch, this.projection]), state: result.state };
  }

  override stepped(): SteppedLayer | undefined {
    const layer = super.stepped();
    return layer && { ...layer, projection: this.#projectionKernel };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), projection: this.projection };
  }

  /** Projection matrix, `[units, projection]`. */
  get #projectionKernel(): tf.Tensor2D {
    if (!this.#projection) throw new Error(`The layer ${this.name} has not been built.`);
    return this.#projection.read() as tf.Tensor2D;
  }
}
