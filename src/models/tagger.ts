import type * as tf from '@tensorflow/tfjs';
import type { StackOptions } from '../layers/recurrentStack.ts';
import type { Generator } from '../random/generator.ts';
import type { RecurrentShape } from './recurrentLayers.ts';
import { type ModelState, RecurrentNetwork } from './recurrentNetwork.ts';

/** Configuration that determines the weight shapes of a tagger. */
export interface TaggerShape extends RecurrentShape {
  readonly vocabularySize: number;
  /** Width of the learned embedding; 0 feeds one-hot vectors. */
  readonly embedding: number;
  readonly tags: number;
}

/**
 * Tagger (synchronous many-to-many; Graves and Schmidhuber 2005): stacked recurrent layers over token ids, in one
 * direction or both, and a dense layer that returns the logits of the tags at each step.
 */
export class Tagger extends RecurrentNetwork {
  readonly shape: TaggerShape;

  /** @param masks generator of the dropout masks; omitted: no dropout */
  constructor(shape: TaggerShape, masks?: Generator) {
    super(
      { ...shape, inputs: shape.vocabularySize, outputs: shape.tags, outputActivation: 'softmax', lastStepOnly: false },
      masks,
    );
    this.shape = shape;
  }

  /**
   * @param ids token ids `[timeSteps, batch]`, int32
   * @param state state before the first step of each direction
   * @returns logits of the tags `[timeSteps * batch, tags]`, time-major
   */
  tagLogits(ids: tf.Tensor2D, state: ModelState, options: StackOptions = {}): tf.Tensor2D {
    return this.outputsOf(this.hiddenStates(ids, state, options).h);
  }
}
