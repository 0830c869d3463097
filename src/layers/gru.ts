import type * as tf from '@tensorflow/tfjs';
import { gruSequence, lastWalked } from '../kernels/ops.ts';
import { Recurrent, type RecurrentOptions } from './recurrent.ts';
import type { HiddenState, SequenceOptions } from './sequenceLayer.ts';

export interface GruOptions extends RecurrentOptions {
  /** Whether the reset gate is applied after the recurrent product, as in PyTorch, cuDNN and Keras. */
  readonly resetAfter?: boolean;
}

/**
 * A GRU; equations in `kernels/contract.ts`. With the reset gate before the recurrent product (Cho et al. 2014), the
 * default, it is a drop-in for `tf.layers.gru`. With `resetAfter` its weights are those of Keras, and those of
 * PyTorch's `nn.GRU` but for the order of the gates; TensorFlow.js has no such layer and refuses to open it.
 */
export class Gru extends Recurrent<HiddenState> {
  static readonly className = 'GRU';
  readonly resetAfter: boolean;
  protected readonly gates = 3;

  constructor({ resetAfter = false, ...options }: GruOptions) {
    super(options);
    this.resetAfter = resetAfter;
  }

  override get stockObstacle(): string | undefined {
    if (!this.resetAfter) return undefined;
    return `The GRU layer "${this.name}" applies its reset gate after the recurrent product (resetAfter), which the GRU of TensorFlow.js cannot.`;
  }

  override copy(changes: Partial<RecurrentOptions>): Gru {
    return new Gru({ ...this.options, resetAfter: this.resetAfter, ...changes });
  }

  override zeroState(batch: number): HiddenState {
    return { h: this.zeros(batch) };
  }

  override sequence(
    x: tf.Tensor,
    { h: h0 }: HiddenState,
    { lengths, tapsOf }: SequenceOptions = {},
  ): { h: tf.Tensor3D; state: HiddenState } {
    const { resetAfter, goBackwards: reverse } = this;
    const inputs = { ...this.kernelInputs<tf.Tensor1D | tf.Tensor2D>(x, lengths), h0 };
    const h = gruSequence(inputs, { resetAfter, reverse, taps: tapsOf?.(this.name) });
    return { h, state: { h: lastWalked(h, reverse) } };
  }

  /**
   * The stock layer's configuration, with the gate activation that Keras and PyTorch use and stock TensorFlow.js does
   * not default to.
   */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), recurrentActivation: 'sigmoid', implementation: 1, resetAfter: this.resetAfter };
  }

  protected override get biasShape(): number[] {
    const width = this.gates * this.units;
    return this.resetAfter ? [2, width] : [width];
  }
}
