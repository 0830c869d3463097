import * as tf from '@tensorflow/tfjs';
import { InputError } from '../data/inputError.ts';
import type { TokenSequence } from '../data/tokenSequence.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import { phrase } from '../phrases/phrase.ts';
import { MAX_PROBED, type Probed, spread } from '../probes/probed.ts';

/** Maximum number of steps of a probe; gradients rarely reach further, and the curves of many probes are stored. */
const MAX_STEPS = 500;
/** Number of tokens before a window that its carried state comes from. */
const CARRIED_OVER = 200;

/** Text windows for probing a language model, time-major, each with the token after its last step as a target. */
export interface ProbeWindows {
  readonly timeSteps: number;
  readonly batch: number;
  /** Number of tokens before each window that are read first, for the state that it starts from; 0 for zero states. */
  readonly context: number;
  /** `[context + timeSteps + 1, batch]` */
  readonly ids: Int32Array;
}

/**
 * Returns windows spread evenly over documents, none of which crosses from one document to another: as long as training
 * windows, at most 500 steps, and as many as a probe reads at most. Windows of a short text overlap. Where documents are
 * shorter than a window, only longer ones have windows.
 * @param documents one of at least two tokens
 * @param carried true for windows that continue from the state after the 200 tokens before them, or as many as there are
 */
export function spreadWindows(
  documents: readonly TokenSequence[],
  sequenceLength: number,
  carried = false,
): ProbeWindows {
  const longest = longestOf(documents);
  const timeSteps = Math.min(sequenceLength, MAX_STEPS, longest - 1);
  const context = carried ? Math.min(CARRIED_OVER, longest - timeSteps - 1) : 0;
  return { timeSteps, context, ...spreadIds(documents, context + timeSteps + 1, MAX_PROBED) };
}

/** Number of tokens of the longest document. */
export function longestOf(documents: readonly TokenSequence[]): number {
  return documents.reduce((longest, { length }) => Math.max(longest, length), 0);
}

/** Ids of at most `most` windows of `rows` tokens within documents, spread evenly over them, `[rows, batch]`. */
export function spreadIds(
  documents: readonly TokenSequence[],
  rows: number,
  most: number,
): { batch: number; ids: Int32Array } {
  const long = documents.filter(({ length }) => length >= rows);
  const places = long.map(({ length }) => length - rows + 1);
  const starts = spread(
    places.reduce((sum, count) => sum + count, 0),
    most,
  );
  const batch = starts.length;
  const ids = new Int32Array(rows * batch);
  const window = new Int32Array(rows);
  let [document, before] = [0, 0];
  starts.forEach((start, b) => {
    while (start - before >= places[document]!) before += places[document++]!;
    long[document]!.copyTo(window, 0, start - before, rows);
    window.forEach((id, t) => {
      ids[t * batch + b] = id;
    });
  });
  return { batch, ids };
}

/** Returns the last steps of a text, at most 500, as one window. @throws InputError for fewer than two tokens */
export function lastWindow(ids: Int32Array): ProbeWindows {
  if (ids.length < 2) throw new InputError('too-short', phrase('Enter at least two tokens to see the gradient flow.'));
  const timeSteps = Math.min(MAX_STEPS, ids.length - 1);
  return { timeSteps, batch: 1, context: 0, ids: ids.slice(-(timeSteps + 1)) };
}

/**
 * Creates a probe of a language model on text windows, each read from a zero state or from the state after its context;
 * every step has the loss of the next token.
 */
export function probedLanguageModel(model: LanguageModel, { timeSteps, batch, context, ids }: ProbeWindows): Probed {
  /** Ids of `steps` rows from row `from`, `[steps, sequences.length]`. */
  const columns = (sequences: readonly number[], from: number, steps: number) =>
    Int32Array.from({ length: steps * sequences.length }, (_, index) => {
      const t = Math.floor(index / sequences.length) + from;
      return ids[t * batch + sequences[index % sequences.length]!]!;
    });
  return {
    layers: model.layers,
    parameters: model.parameters,
    timeSteps,
    lengths: new Array<number>(batch).fill(timeSteps),
    lossAt: 'each step',
    ...(context > 0 && {
      initialStates(sequences: readonly number[]) {
        const before = tf.tensor2d(columns(sequences, 0, context), [context, sequences.length], 'int32');
        return model.hiddenStates(before, model.zeroState(sequences.length)).state;
      },
    }),
    losses(sequences, states, tapsOf) {
      const shape: [number, number] = [timeSteps, sequences.length];
      const { h } = model.hiddenStates(tf.tensor2d(columns(sequences, context, timeSteps), shape, 'int32'), states, {
        tapsOf,
      });
      const targets = tf.tensor1d(columns(sequences, context + 1, timeSteps), 'int32');
      return tf.reshape(softmaxCrossEntropy({ logits: model.outputsOf(h), targets }), shape);
    },
  };
}
