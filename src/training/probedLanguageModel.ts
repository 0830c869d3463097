import * as tf from '@tensorflow/tfjs';
import type { TokenSequence } from '../data/tokenSequence.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { Probed } from '../probes/probed.ts';

/** Maximum number of steps of a probe; gradients rarely reach further, and the curves of many probes are stored. */
const MAX_STEPS = 500;
/** Maximum number of sequences of a probe, so that it takes a small part of the training time. */
const MAX_SEQUENCES = 8;

/** Text windows for probing a language model, time-major, each with the token after its last step as a target. */
export interface ProbeWindows {
  readonly timeSteps: number;
  readonly batch: number;
  /** `[timeSteps + 1, batch]` */
  readonly ids: Int32Array;
}

/**
 * Returns the first windows of a text: as long as training windows, at most 500 steps, and a quarter of the batch size,
 * at most 8.
 * @param text at least two tokens
 */
export function firstWindows(text: TokenSequence, sequenceLength: number, batchSize: number): ProbeWindows {
  const timeSteps = Math.min(sequenceLength, MAX_STEPS, text.length - 1);
  const most = Math.max(1, Math.min(MAX_SEQUENCES, Math.floor(batchSize / 4)));
  const batch = Math.max(1, Math.min(most, Math.floor((text.length - 1) / timeSteps)));
  const ids = new Int32Array((timeSteps + 1) * batch);
  const window = new Int32Array(timeSteps + 1);
  for (let b = 0; b < batch; b++) {
    text.copyTo(window, 0, b * timeSteps, timeSteps + 1);
    window.forEach((id, t) => {
      ids[t * batch + b] = id;
    });
  }
  return { timeSteps, batch, ids };
}

/** Returns the last steps of a text, at most 500, as one window. @throws RangeError for fewer than two tokens */
export function lastWindow(ids: Int32Array): ProbeWindows {
  if (ids.length < 2) throw new RangeError('Enter at least two characters to see the gradient flow.');
  const timeSteps = Math.min(MAX_STEPS, ids.length - 1);
  return { timeSteps, batch: 1, ids: ids.slice(-(timeSteps + 1)) };
}

/**
 * Creates a probe of a language model on text windows, each read from a zero state; every step has the loss of the next
 * token.
 */
export function probedLanguageModel(model: LanguageModel, { timeSteps, batch, ids }: ProbeWindows): Probed {
  const columns = (sequences: readonly number[], from: number) =>
    Int32Array.from({ length: timeSteps * sequences.length }, (_, index) => {
      const t = Math.floor(index / sequences.length) + from;
      return ids[t * batch + sequences[index % sequences.length]!]!;
    });
  return {
    layers: model.layers,
    parameters: model.parameters,
    timeSteps,
    lengths: new Array<number>(batch).fill(timeSteps),
    lossAt: 'each step',
    losses(sequences, states, tapsOf) {
      const shape: [number, number] = [timeSteps, sequences.length];
      const { h } = model.hiddenStates(tf.tensor2d(columns(sequences, 0), shape, 'int32'), states, { tapsOf });
      const targets = tf.tensor1d(columns(sequences, 1), 'int32');
      return tf.reshape(softmaxCrossEntropy({ logits: model.outputsOf(h), targets }), shape);
    },
  };
}
