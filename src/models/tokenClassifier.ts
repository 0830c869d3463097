import type * as tf from '@tensorflow/tfjs';
import type { StackOptions } from '../layers/recurrentStack.ts';
import type { LayerState, SequenceLayer } from '../layers/sequenceLayer.ts';
import type { Generator } from '../random/generator.ts';
import type { Initialization } from './initialize.ts';
import type { Parameter } from './weights.ts';

export interface ForwardOptions extends Omit<StackOptions, 'lengths'> {
  /** States before the first step; zeros where they are left out. */
  readonly states?: readonly LayerState[];
}

/** A network of any family from token ids to the logits of classes. */
export interface TokenClassifier {
  /** Its recurrent layers, first layer first; none where it has none. */
  readonly layers: readonly SequenceLayer[];
  readonly parameters: readonly Parameter[];
  readonly parameterCount: number;
  readonly masks: Generator | undefined;
  /** Reason for the user why plain TensorFlow.js cannot open the saved model; undefined if it can. */
  readonly stockObstacle: string | undefined;
  initialize(generator: Generator, initialization: Initialization): void;
  /**
   * @param ids `[timeSteps, batch]` int32; steps past the end of a sequence are not read
   * @param lengths steps of each sequence, `[batch]` int32, at least 1
   * @returns `[batch, classes]`
   */
  logits(ids: tf.Tensor2D, lengths: tf.Tensor1D, options?: ForwardOptions): tf.Tensor2D;
  dispose(): void;
}
