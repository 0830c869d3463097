import type * as tf from '@tensorflow/tfjs';
import type { RnnActivation } from '../kernels/contract.ts';
import { lastWalked, rnnSequence } from '../kernels/ops.ts';
import { Recurrent, type RecurrentOptions } from './recurrent.ts';
import type { HiddenState, SequenceOptions } from './sequenceLayer.ts';

export interface SimpleRnnOptions extends RecurrentOptions {
  readonly activation?: RnnActivation;
}

/** A simple recurrent network, a drop-in for `tf.layers.simpleRNN`; equation in `kernels/contract.ts`. */
export class SimpleRnn extends Recurrent<HiddenState> {
  static readonly className = 'SimpleRNN';
  readonly activation: RnnActivation;
  protected readonly gates = 1;

  constructor({ activation = 'tanh', ...options }: SimpleRnnOptions) {
    super(options);
    this.activation = activation;
  }

  override copy(changes: Partial<RecurrentOptions>): SimpleRnn {
    return new SimpleRnn({ ...this.options, activation: this.activation, ...changes });
  }

  override zeroState(batch: number): HiddenState {
    return { h: this.zeros(batch) };
  }

  override sequence(
    x: tf.Tensor,
    { h: h0 }: HiddenState,
    { lengths, tapsOf }: SequenceOptions = {},
  ): { h: tf.Tensor3D; state: HiddenState } {
    const { activation, goBackwards: reverse } = this;
    const inputs = { ...this.kernelInputs<tf.Tensor1D>(x, lengths), h0 };
    const h = rnnSequence(inputs, { activation, reverse, taps: tapsOf?.(this.name) });
    return { h, state: { h: lastWalked(h, reverse) } };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), activation: this.activation };
  }
}
