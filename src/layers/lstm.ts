import type * as tf from '@tensorflow/tfjs';
import { lastWalked, lstmSequence } from '../kernels/ops.ts';
import { Recurrent, type RecurrentOptions } from './recurrent.ts';
import type { LstmState, SequenceOptions } from './sequenceLayer.ts';

export type { LstmState } from './sequenceLayer.ts';

/** An LSTM, a drop-in for `tf.layers.lstm`; equations in `kernels/contract.ts`. */
export class Lstm extends Recurrent<LstmState> {
  static readonly className = 'LSTM';
  protected readonly gates = 4;

  override copy(changes: Partial<RecurrentOptions>): Lstm {
    return new Lstm({ ...this.options, ...changes });
  }

  override zeroState(batch: number): LstmState {
    return { h: this.zeros(batch), c: this.zeros(batch) };
  }

  override sequence(
    x: tf.Tensor,
    { h: h0, c: c0 }: LstmState,
    { lengths, tapsOf }: SequenceOptions = {},
  ): { h: tf.Tensor3D; state: LstmState } {
    const inputs = { ...this.kernelInputs<tf.Tensor1D>(x, lengths), h0, c0 };
    const { h, cLast } = lstmSequence(inputs, { reverse: this.goBackwards, taps: tapsOf?.(this.name) });
    return { h, state: { h: lastWalked(h, this.goBackwards), c: cLast } };
  }

  /**
   * The stock layer's configuration, with the gate activation that Keras and PyTorch use and stock TensorFlow.js does
   * not default to.
   */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), recurrentActivation: 'sigmoid', unitForgetBias: true, implementation: 1 };
  }
}
