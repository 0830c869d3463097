import type { Generator } from '../random/generator.ts';
import type { RecurrentShape } from './recurrentLayers.ts';
import { RecurrentNetwork } from './recurrentNetwork.ts';

/** Configuration that determines the weight shapes of a model with an output at each step. */
export interface StepwiseModelShape extends RecurrentShape {
  /** Number of input symbols. */
  readonly inputs: number;
  /** Width of the learned embedding of symbols; 0 for one-hot vectors. */
  readonly embedding: number;
  /** Number of output symbols. */
  readonly outputs: number;
}

/**
 * Synchronous many-to-many model: stacked recurrent layers over token ids, and a dense layer that maps each hidden
 * state to the logits of the output at that step.
 */
export class StepwiseModel extends RecurrentNetwork {
  readonly shape: StepwiseModelShape;

  /** @param masks generator of the dropout masks; omitted: no dropout */
  constructor(shape: StepwiseModelShape, masks?: Generator) {
    super({ ...shape, outputActivation: 'softmax', lastStepOnly: false }, masks);
    this.shape = shape;
  }
}
