import type { EncodedTokens } from '../data/encodedTokens.ts';
import type { NamedTensor } from '../models/weights.ts';
import type { TextModel } from '../probes/inspection/textModel.ts';
import type { Probed } from '../probes/probed.ts';
import type { Inspection } from '../protocol/inspection.ts';
import type { ReportBlock } from '../protocol/report.ts';
import type { Clipping, Update } from './update.ts';
import type { WritingOptions } from './writing.ts';

/** Trains a model step by step. It can be stored after any step and restored later. */
export interface TrainingLoop {
  /** What a step trains on: so many characters, or sequences. */
  readonly itemsPerStep: number;
  /** Whether there is nothing left to do, of a model that is fitted in so many steps and no more. */
  readonly done?: boolean;
  /** @throws DivergenceError when loss or gradient is not finite; the weights are then left as they were */
  step(learningRate: number, clipping: Clipping): Promise<Update>;
  /** The part of a checkpoint that is not tensors, as JSON. */
  readonly state: unknown;
  /**
   * Weights, what the optimizer keeps and what else is carried from step to step: with `state`, all that `restore`
   * needs.
   */
  tensors(): Promise<NamedTensor[]>;
  /** Goes back to a stored moment. @throws Error that names what is missing or of another form */
  restore(state: unknown, tensors: readonly NamedTensor[]): void;
  dispose(): void;
}

/** Called between pieces of long work to yield to the event loop. A rejection ends the work with the same error. */
export type YieldNow = () => Promise<void>;

export interface Validation {
  /** Mean loss, in the unit of the task. */
  readonly loss: number;
  /** Characters or sequences scored. */
  readonly n: number;
  /** What else tells how good the model is, from 0 to 1, such as its accuracy. */
  readonly scores?: Readonly<Record<string, number>>;
}

/** A model that reads text. */
export interface TextReading {
  readonly model: TextModel;
  /**
   * What the logits of a step speak of: the token after it, the class of all that was read so far, or this very token.
   */
  readonly speaksOf: Inspection['speaksOf'];
  /** What each logit stands for: tokens, or labels. */
  readonly outputs: readonly string[];
  /** The text as the model reads it. @throws Error for a text without a token */
  encode(text: string): EncodedTokens;
  /** The model on a text alone, for a probe. @throws RangeError for a text that is too short */
  probedOn(text: string): Probed;
}

/** A model and its data, ready to train: all that a run has to know of its task. */
export interface TrainingTask {
  readonly loop: TrainingLoop;
  readonly parameterCount: number;
  /** Why plain TensorFlow.js cannot open the saved model, for the user; undefined where it can. */
  readonly stockObstacle: string | undefined;
  /** Draws the initial weights. */
  initialize(): void;
  validate(yieldNow: YieldNow): Promise<Validation>;
  /** What the task shows of the model as it is now, where it has more to show than losses. */
  report?(yieldNow: YieldNow): Promise<readonly ReportBlock[]>;
  /** What is saved as the trained model, by the names of the files. */
  modelFiles(): Promise<Readonly<Record<string, string | Uint8Array>>>;
  /**
   * The model on a few sequences that are not trained on and stay the same; absent where it has no recurrent layers.
   */
  readonly probed?: Probed;
  /** Lets the model read a text, where it can. */
  readonly reading?: TextReading;
  /** Lets the model write, where it can. */
  readonly write?: (options: WritingOptions) => AsyncGenerator<string, void, void>;
  dispose(): void;
}
