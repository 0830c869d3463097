import type * as tf from '@tensorflow/tfjs';
import { isTied } from '../config/layerSummaries.ts';
import type { Generator } from '../random/generator.ts';
import type { RecurrentShape } from './recurrentLayers.ts';
import { type ModelState, RecurrentNetwork } from './recurrentNetwork.ts';

/** Configuration that determines the weight shapes of a language model. */
export interface LanguageModelShape extends RecurrentShape {
  readonly vocabularySize: number;
  /** Width of the learned embedding; 0 feeds one-hot vectors. */
  readonly embedding: number;
  /** Whether the embedding, transposed, is the kernel of the output layer; it is as wide as the hidden state then. */
  readonly tieWeights?: boolean;
}

/**
 * Language model (Graves 2013, "Generating sequences with recurrent neural networks"): one-hot or embedded token ids,
 * stacked recurrent layers, and a dense layer that returns the logits of the next token.
 */
export class LanguageModel extends RecurrentNetwork {
  readonly shape: LanguageModelShape;

  /** @param masks generator of the dropout masks; omitted: no dropout */
  constructor(shape: LanguageModelShape, masks?: Generator) {
    const { vocabularySize, embedding, tieWeights = false } = shape;
    super(
      {
        ...shape,
        inputs: vocabularySize,
        outputs: vocabularySize,
        outputActivation: 'softmax',
        lastStepOnly: false,
        tied: isTied({ tieWeights, embedding }),
      },
      masks,
    );
    this.shape = shape;
  }

  /**
   * @param ids token ids `[timeSteps, batch]`, int32
   * @param state state before the first token
   * @returns logits of the next token `[timeSteps * batch, vocabularySize]`, time-major, and the state after the last
   */
  forward(ids: tf.Tensor2D, state: ModelState): { logits: tf.Tensor2D; state: ModelState } {
    const { h, state: after } = this.hiddenStates(ids, state);
    return { logits: this.outputsOf(h), state: after };
  }
}
