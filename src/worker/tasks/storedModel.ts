import type { TaskName } from '../../config/task.ts';
import type { TextAnswer } from '../../protocol/textAnswer.ts';
import type { Classifier } from '../../sentiment/classifier.ts';
import type { WritingOptions } from '../../training/writing.ts';
import type { TextWriter } from '../../training/textWriter.ts';
import type { TextReading } from '../../training/trainingTask.ts';
import { type Text } from '../../phrases/phrase.ts';

/** Columns of a table, by name or number from 1; those that are not named are found. */
export interface EvaluationColumns {
  readonly text?: string | undefined;
  readonly label?: string | undefined;
}

/** How to read the data of an evaluation. */
export interface EvaluationRequest extends EvaluationColumns {
  /** Number of parallel streams of a text, each from a zero state; omitted: chosen by the length of the text. */
  readonly streams?: number | undefined;
}

/** A row, sentence or file that was skipped, and the reason. */
export interface SkippedItem {
  /** Position, such as "line 7". */
  readonly where: Text;
  readonly reason: Text;
}

/** Evaluation of a model on data that it was not trained on. */
export interface Evaluated {
  /** The task, the number of scored items, and each measure by its name; one JSON object. */
  readonly measures: { readonly task: TaskName; readonly n: number } & Readonly<Record<string, unknown>>;
  /** The measures as a sentence for the user. */
  readonly summary: Text;
  /** A line for each scored row: the answer and further values, separated by tabs. */
  readonly predictions?: readonly string[];
  readonly skipped: readonly SkippedItem[];
}

/** The saved model of a run on the current backend, with the functions that do not need the training data. */
export interface StoredModel {
  /** Reads texts; absent if the model does not. */
  readonly reading?: TextReading;
  /**
   * Scores data of the kind that it was trained on. Absent if the task generates its data.
   * @param path a file, or a folder if the task accepts one
   * @throws InputError for data that cannot be used
   */
  evaluate?(path: string, request: EvaluationRequest): Promise<Evaluated>;
  /** Translates texts; absent if the model does not. */
  translate?(texts: readonly string[]): Promise<string[]>;
  /** Classifies texts and explains the answers; absent if the task has no classes. */
  readonly classifier?: Classifier;
  /**
   * Answers to a text with its class, or with a label for each of its words; absent if the task has neither.
   * @param top maximum number of answers for a piece
   */
  answer?(text: string, top: number): Promise<TextAnswer>;
  /** Writes texts with the probabilities of each token; absent if the model writes no text. */
  readonly writer?: TextWriter;
  /**
   * Generates text; absent if the model does not. A model that was trained with labels takes one.
   * @throws Error for an unknown label
   */
  write?(options: WritingOptions & { readonly label?: string | undefined }): AsyncGenerator<string, void, void>;
  dispose(): void;
}
