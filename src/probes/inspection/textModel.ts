import type * as tf from '@tensorflow/tfjs';
import type { LayerState, SequenceLayer } from '../../layers/sequenceLayer.ts';
import type { TapsOf } from '../probed.ts';

/** Interface of a language model for inspection. It reads one text at a time. */
export interface TextModel {
  /** Recurrent layers, first layer first; all are forward. */
  readonly layers: readonly SequenceLayer[];
  /** Whether the first recurrent layer reads embedded tokens instead of one-hot vectors. */
  readonly embeds: boolean;
  /**
   * Input vectors of the first recurrent layer, one-hot or embedded, `[timeSteps, 1, width]`, for token ids
   * `[timeSteps, 1]`.
   */
  inputVectors(ids: tf.Tensor2D): tf.Tensor3D;
  /** Weights of the output layer: `kernel [width, outputs]` and `bias [outputs]`. Call inside `tf.tidy`. */
  outputLayer(): { kernel: tf.Tensor2D; bias: tf.Tensor1D };
  /**
   * @param x token ids `[timeSteps, 1]`, or vectors as returned by `inputVectors`
   * @returns logits of the next token `[timeSteps, vocabularySize]`, and the states after the last token
   */
  logits(
    x: tf.Tensor,
    states: readonly LayerState[],
    tapsOf?: TapsOf,
  ): { logits: tf.Tensor2D; states: readonly LayerState[] };
}
