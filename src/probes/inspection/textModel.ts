import type * as tf from '@tensorflow/tfjs';
import type { LayerState, SequenceLayer } from '../../layers/sequenceLayer.ts';
import type { TapsOf } from '../probed.ts';

/** What an inspection needs of a language model: it reads one text at a time. */
export interface TextModel {
  /** The recurrent layers, first layer first, all of them forward. */
  readonly layers: readonly SequenceLayer[];
  /**
   * What the first recurrent layer reads of token ids `[timeSteps, 1]`: one-hot or embedded, `[timeSteps, 1, width]`.
   */
  inputVectors(ids: tf.Tensor2D): tf.Tensor3D;
  /**
   * @param x token ids `[timeSteps, 1]`, or vectors as `inputVectors` gives them
   * @returns logits of the next token `[timeSteps, vocabularySize]`, and the states after the last
   */
  logits(
    x: tf.Tensor,
    states: readonly LayerState[],
    tapsOf?: TapsOf,
  ): { logits: tf.Tensor2D; states: readonly LayerState[] };
}
