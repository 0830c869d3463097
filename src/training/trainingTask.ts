import type { EncodedTokens } from '../data/encodedTokens.ts';
import type { NamedTensor } from '../models/weights.ts';
import type { TextModel } from '../probes/inspection/textModel.ts';
import type { Probed } from '../probes/probed.ts';
import type { Forgetting } from '../protocol/probes.ts';
import type { Inspection } from '../protocol/inspection.ts';
import type { ReportBlock } from '../protocol/report.ts';
import type { TextWriter } from './textWriter.ts';
import type { Clipping, Update } from './update.ts';
import { type Text } from '../phrases/phrase.ts';

/** Trains a model step by step; can be stored in a checkpoint after any step. */
export interface TrainingLoop {
  /** Characters or sequences in a step. */
  readonly itemsPerStep: number;
  /** True once a model that is fitted in a fixed number of steps is done. */
  readonly done?: boolean;
  /** @throws DivergenceError if the loss or a gradient is not finite; the weights then keep their values */
  step(learningRate: number, clipping: Clipping): Promise<Update>;
  /** @throws DivergenceError if the last update left a weight that is not finite */
  checkWeights?(): Promise<void>;
  /** JSON part of a checkpoint. */
  readonly state: unknown;
  /**
   * Weights, optimizer state and other tensors carried from step to step, for `restore` together with `state`.
   */
  tensors(): Promise<NamedTensor[]>;
  /** Restores a stored state. @throws Error that names what is missing or malformed */
  restore(state: unknown, tensors: readonly NamedTensor[]): void;
  dispose(): void;
}

/** Called between pieces of long work to yield to the event loop. A rejection ends the work with the same error. */
export type YieldNow = () => Promise<void>;

export interface Validation {
  /** Mean loss in the unit of the task. */
  readonly loss: number;
  /** Number of characters or sequences scored. */
  readonly n: number;
  /** Other scores from 0 to 1, such as the accuracy. */
  readonly scores?: Readonly<Record<string, number>>;
}

/** Model that reads text, for the inspection. */
export interface TextReading {
  readonly model: TextModel;
  /**
   * Subject of the logits of a step: the next token, the class of the text so far, or a label of this token.
   */
  readonly predicts: Inspection['predicts'];
  /** The token or label of each logit. */
  readonly outputs: readonly string[];
  /** Encodes a text as tokens. @throws Error for a text without a token */
  encode(text: string): EncodedTokens;
  /** Creates a probe of the model on one text. @throws RangeError for a text that is too short */
  probedOn(text: string): Probed;
}

/** A model and its data, ready to train: everything that a run needs from its task. */
export interface TrainingTask {
  readonly loop: TrainingLoop;
  readonly parameterCount: number;
  /** Reason for the user why plain TensorFlow.js cannot open the saved model; undefined if it can. */
  readonly stockObstacle: Text | undefined;
  /** Draws the initial weights. */
  initialize(): void;
  validate(yieldNow: YieldNow): Promise<Validation>;
  /** A report on the current model; absent if the task shows only losses. */
  report?(yieldNow: YieldNow): Promise<readonly ReportBlock[]>;
  /** The files of the trained model, by name. */
  modelFiles(): Promise<Readonly<Record<string, string | Uint8Array>>>;
  /**
   * The model on a few fixed sequences that are not trained on; absent if it has no recurrent layers.
   */
  readonly probed?: Probed;
  /** The same, but each sequence continues from the state carried over what precedes it; absent if none is carried. */
  readonly probedCarried?: Probed;
  /** Measures what forgetting costs on the validation part; absent if the task reads no text. */
  readonly forgetting?: (context: number) => Promise<Forgetting>;
  /** Reads texts; absent if the model does not. */
  readonly reading?: TextReading;
  /** A beginning of the validation part with a number of tokens, for the model to read; absent if it is no text. */
  readonly passage?: (tokens: number) => string;
  /** Writes texts with the probabilities of each token; absent if the model writes no text. */
  readonly writer?: TextWriter;
  /** Writes text; absent if the model does not. */
  dispose(): void;
}
