import type * as tf from '@tensorflow/tfjs';
import type { StackOptions } from '../layers/recurrentStack.ts';
import type { Generator } from '../random/generator.ts';
import type { RecurrentShape } from './recurrentLayers.ts';
import { type ModelState, RecurrentNetwork } from './recurrentNetwork.ts';

/** Sizes that fix the shapes of a many-to-one model. */
export interface SequenceModelShape extends RecurrentShape {
  /** Symbols of the alphabet where it reads token ids, width of the vectors otherwise. */
  readonly inputs: number;
  readonly inputKind: 'ids' | 'vectors';
  /** Width of a learned embedding of token ids; 0 feeds one-hot vectors. Vectors are read as they are. */
  readonly embedding: number;
  /** Number of classes, or of numbers to predict. */
  readonly outputs: number;
  readonly outputKind: 'class' | 'number';
}

/**
 * A many-to-one model: token ids or vectors through stacked recurrent layers, and the last hidden state through a dense
 * layer to the logits of classes, or to numbers.
 */
export class SequenceModel extends RecurrentNetwork {
  readonly shape: SequenceModelShape;

  /** @param masks draws the masks of dropout; a model without it drops nothing */
  constructor(shape: SequenceModelShape, masks?: Generator) {
    const outputActivation = shape.outputKind === 'class' ? 'softmax' : 'linear';
    super(
      { ...shape, embedding: shape.inputKind === 'ids' ? shape.embedding : 0, outputActivation, lastStepOnly: true },
      masks,
    );
    this.shape = shape;
  }

  /**
   * @param inputs token ids `[timeSteps, batch]`, int32, or vectors `[timeSteps, batch, inputs]`
   * @param state the state before the first step
   * @returns the hidden state of the last layer after its last step, `[batch, units]`, or those of both directions side
   *   by side
   */
  lastHidden(inputs: tf.Tensor, state: ModelState, options: StackOptions = {}): tf.Tensor2D {
    const { state: after } = this.hiddenStates(inputs, state, options);
    return this.lastOutput(after);
  }
}
