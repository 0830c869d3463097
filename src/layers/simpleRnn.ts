import type * as tf from '@tensorflow/tfjs';
import { type ActivationPlace, cells } from '../config/cells.ts';
import type { RnnActivation, SequenceInputs } from '../kernels/contract.ts';
import type { Float64Matrix } from '../kernels/float64Matrix.ts';
import { rnnSequence, type SequenceOptions as KernelOptions } from '../kernels/sequences.ts';
import type { SteppedCell } from '../kernels/stepper.ts';
import type { CellEquations, CellWeights } from './equations/cellEquations.ts';
import { rnnEquations } from './equations/rnn.ts';
import { rnnJacobians } from './jacobian/rnn.ts';
import type { StateJacobians, Trajectory } from './jacobian/stateJacobian.ts';
import { HiddenStateLayer, type RecurrentOptions } from './recurrent.ts';

export interface SimpleRnnOptions extends RecurrentOptions {
  readonly activation?: RnnActivation;
}

/** Simple recurrent layer, a replacement for `tf.layers.simpleRNN`; equation in `kernels/contract.ts`. */
export class SimpleRnn extends HiddenStateLayer {
  static readonly className = 'SimpleRNN';
  override readonly kind = cells.rnn;
  readonly activation: RnnActivation;

  constructor({ activation = 'tanh', ...options }: SimpleRnnOptions) {
    super(options);
    this.activation = activation;
  }

  /** The hidden state, where its activation is a tanh. */
  override get saturating(): readonly ActivationPlace[] {
    return this.activation === 'tanh' ? this.kind.activations : [];
  }

  override copy(changes: Partial<RecurrentOptions>): SimpleRnn {
    return new SimpleRnn({ ...this.options, activation: this.activation, ...changes });
  }

  protected override hiddenStates(inputs: SequenceInputs, options: KernelOptions): tf.Tensor3D {
    return rnnSequence(inputs, { ...options, activation: this.activation });
  }

  protected override get steppedCell(): SteppedCell {
    return { cell: 'rnn', activation: this.activation };
  }

  override stateJacobians(trajectory: Trajectory, recurrentKernel: Float64Matrix): StateJacobians {
    return rnnJacobians(trajectory, recurrentKernel, this.activation);
  }

  override equations(weights: CellWeights): CellEquations {
    return rnnEquations(weights, this);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), activation: this.activation };
  }
}
