import type * as tf from '@tensorflow/tfjs';
import { cells } from '../config/cells.ts';
import type { Float64Matrix } from '../kernels/float64Matrix.ts';
import { finalState, lstmSequence, type SequenceOptions as KernelOptions } from '../kernels/sequences.ts';
import type { SteppedCell } from '../kernels/stepper.ts';
import type { CellEquations, CellWeights } from './equations/cellEquations.ts';
import { lstmEquations } from './equations/lstm.ts';
import { lstmJacobians } from './jacobian/lstm.ts';
import type { StateJacobians, Trajectory } from './jacobian/stateJacobian.ts';
import { type CellInputs, Recurrent, type RecurrentOptions } from './recurrent.ts';
import type { LstmState } from './sequenceLayer.ts';

/** LSTM layer, a replacement for `tf.layers.lstm`; equations in `kernels/contract.ts`. */
export class Lstm extends Recurrent<LstmState> {
  static readonly className = 'LSTM';
  override readonly kind = cells.lstm;

  override copy(changes: Partial<RecurrentOptions>): Lstm {
    return new Lstm({ ...this.options, ...changes });
  }

  override zeroState(batch: number): LstmState {
    return { h: this.zeros(batch), c: this.zeros(batch) };
  }

  override run(
    inputs: CellInputs,
    { h: h0, c: c0 }: LstmState,
    options: KernelOptions,
  ): { h: tf.Tensor3D; state: LstmState } {
    const { h, cLast } = lstmSequence({ ...inputs, h0, c0 }, options);
    return { h, state: { h: finalState(h, options.reverse ?? false), c: cLast } };
  }

  protected override get steppedCell(): SteppedCell {
    return { cell: 'lstm' };
  }

  override stateJacobians(trajectory: Trajectory, recurrentKernel: Float64Matrix): StateJacobians {
    return lstmJacobians(trajectory, recurrentKernel);
  }

  override equations(weights: CellWeights): CellEquations {
    return lstmEquations(weights);
  }

  /**
   * Configuration of the stock layer, with the gate activation of Keras and PyTorch, not the default of TensorFlow.js.
   */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), recurrentActivation: 'sigmoid', unitForgetBias: true, implementation: 1 };
  }
}
