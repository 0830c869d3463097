import type * as tf from '@tensorflow/tfjs';
import { cells } from '../config/cells.ts';
import type { SequenceInputs } from '../kernels/contract.ts';
import type { Float64Matrix } from '../kernels/float64Matrix.ts';
import { gruSequence, type SequenceOptions as KernelOptions } from '../kernels/sequences.ts';
import type { SteppedCell } from '../kernels/stepper.ts';
import type { CellEquations, CellWeights } from './equations/cellEquations.ts';
import { gruEquations } from './equations/gru.ts';
import { gruJacobians } from './jacobian/gru.ts';
import type { StateJacobians, Trajectory } from './jacobian/stateJacobian.ts';
import { HiddenStateLayer, type RecurrentOptions } from './recurrent.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

export interface GruOptions extends RecurrentOptions {
  /** True if the reset gate is applied after the recurrent product, as in PyTorch, cuDNN and Keras. */
  readonly resetAfter?: boolean;
}

/**
 * GRU layer; equations in `kernels/contract.ts`. With the reset gate before the recurrent product (Cho et al. 2014),
 * the default, it replaces `tf.layers.gru`. With `resetAfter` its weights are those of Keras, and those of PyTorch's
 * `nn.GRU` except for the order of the gates; TensorFlow.js has no such layer and rejects it.
 */
export class Gru extends HiddenStateLayer {
  static readonly className = 'GRU';
  override readonly kind = cells.gru;
  readonly resetAfter: boolean;

  constructor({ resetAfter = false, ...options }: GruOptions) {
    super(options);
    this.resetAfter = resetAfter;
  }

  override get stockObstacle(): Text | undefined {
    if (!this.resetAfter) return undefined;
    return phrase(
      'The GRU layer "{0}" applies its reset gate after the recurrent product (resetAfter), which the GRU of TensorFlow.js cannot.',
      this.name,
    );
  }

  override copy(changes: Partial<RecurrentOptions>): Gru {
    return new Gru({ ...this.options, resetAfter: this.resetAfter, ...changes });
  }

  protected override hiddenStates(inputs: SequenceInputs, options: KernelOptions): tf.Tensor3D {
    return gruSequence(inputs, { ...options, resetAfter: this.resetAfter });
  }

  protected override get steppedCell(): SteppedCell {
    return { cell: 'gru', resetAfter: this.resetAfter };
  }

  override stateJacobians(trajectory: Trajectory, recurrentKernel: Float64Matrix): StateJacobians {
    return gruJacobians(trajectory, recurrentKernel, this.resetAfter);
  }

  override equations(weights: CellWeights): CellEquations {
    return gruEquations(weights, this);
  }

  /**
   * Configuration of the stock layer, with the gate activation of Keras and PyTorch, not the default of TensorFlow.js.
   */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), recurrentActivation: 'sigmoid', implementation: 1, resetAfter: this.resetAfter };
  }

  protected override get biasShape(): number[] {
    const width = this.kind.gates * this.units;
    return this.resetAfter ? [2, width] : [width];
  }
}
