import type { Generator } from '../random/generator.ts';
import type { RecurrentShape } from './recurrentLayers.ts';
import { RecurrentNetwork } from './recurrentNetwork.ts';

/** Sizes that fix the shapes of a model that answers at each step. */
export interface StepwiseModelShape extends RecurrentShape {
  /** Symbols that it reads. */
  readonly inputs: number;
  /** Width of the learned embedding of symbols; 0 feeds one-hot vectors. */
  readonly embedding: number;
  /** Symbols that it answers with. */
  readonly outputs: number;
}

/**
 * A many-to-many model, direct: token ids through stacked recurrent layers, and each hidden state through a dense layer
 * to the logits of the answer at that step.
 */
export class StepwiseModel extends RecurrentNetwork {
  readonly shape: StepwiseModelShape;

  /** @param masks draws the masks of dropout; a model without it drops nothing */
  constructor(shape: StepwiseModelShape, masks?: Generator) {
    super({ ...shape, outputActivation: 'softmax', lastStepOnly: false }, masks);
    this.shape = shape;
  }
}
