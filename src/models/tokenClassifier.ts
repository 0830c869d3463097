import type * as tf from '@tensorflow/tfjs';
import type { StackOptions } from '../layers/recurrentStack.ts';
import type { LayerState, SequenceLayer } from '../layers/sequenceLayer.ts';
import type { Generator } from '../random/generator.ts';
import type { Initialization } from './initialize.ts';
import type { Parameter } from './weights.ts';
import { type Text } from '../phrases/phrase.ts';

export interface ForwardOptions extends Omit<StackOptions, 'lengths'> {
  /** States before the first step; zeros if omitted. */
  readonly states?: readonly LayerState[];
}

/** Classifier of token id sequences, recurrent or convolutional. */
export interface TokenClassifier {
  /** Recurrent layers, first layer first; empty for a convolutional network. */
  readonly layers: readonly SequenceLayer[];
  readonly parameters: readonly Parameter[];
  readonly parameterCount: number;
  readonly masks: Generator | undefined;
  /** Reason why plain TensorFlow.js cannot open the saved model, shown to the user; undefined if it can. */
  readonly stockObstacle: Text | undefined;
  initialize(generator: Generator, initialization: Initialization): void;
  /**
   * @param ids `[timeSteps, batch]` int32; ids past the end of a sequence are ignored
   * @param lengths number of steps of each sequence, `[batch]` int32, at least 1
   * @returns `[batch, classes]`
   */
  logits(ids: tf.Tensor2D, lengths: tf.Tensor1D, options?: ForwardOptions): tf.Tensor2D;
  dispose(): void;
}
