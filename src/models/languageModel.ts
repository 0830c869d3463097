import type * as tf from '@tensorflow/tfjs';
import type { Generator } from '../random/generator.ts';
import type { RecurrentShape } from './recurrentLayers.ts';
import { type ModelState, RecurrentNetwork } from './recurrentNetwork.ts';

/** Sizes that fix the shapes of a character language model. */
export interface LanguageModelShape extends RecurrentShape {
  readonly vocabularySize: number;
  /** Width of the learned embedding; 0 feeds one-hot vectors. */
  readonly embedding: number;
}

/**
 * A language model: token ids, one-hot or embedded, through stacked recurrent layers and a dense layer to the logits
 * of the next token (Graves 2013, "Generating sequences with recurrent neural networks").
 */
export class LanguageModel extends RecurrentNetwork {
  readonly shape: LanguageModelShape;

  /** @param masks draws the masks of dropout; a model without it drops nothing */
  constructor(shape: LanguageModelShape, masks?: Generator) {
    const { vocabularySize } = shape;
    super(
      { ...shape, inputs: vocabularySize, outputs: vocabularySize, outputActivation: 'softmax', lastStepOnly: false },
      masks,
    );
    this.shape = shape;
  }

  /**
   * @param ids token ids `[timeSteps, batch]`, int32
   * @param state the state before the first of them
   * @returns logits of the next token `[timeSteps * batch, vocabularySize]`, time-major, and the state after the last
   */
  forward(ids: tf.Tensor2D, state: ModelState): { logits: tf.Tensor2D; state: ModelState } {
    const { h, state: after } = this.hiddenStates(ids, state);
    return { logits: this.outputsOf(h), state: after };
  }
}
