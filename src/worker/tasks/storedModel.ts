import type { TaskName } from '../../config/task.ts';
import type { Classifier } from '../../sentiment/classifier.ts';
import type { WritingOptions } from '../../training/writing.ts';
import type { TextReading } from '../../training/trainingTask.ts';

/** Columns of a table, by name or number from 1; those that are not named are found. */
export interface EvaluationColumns {
  readonly text?: string | undefined;
  readonly label?: string | undefined;
}

/** A row, sentence or file that was left out, and why. */
export interface LeftOut {
  /** Such as "line 7". */
  readonly where: string;
  readonly reason: string;
}

/** Evaluation of a model on data that it was not trained on. */
export interface Evaluated {
  /** One JSON object: the task, how much was scored, and every measure under the field's name. */
  readonly measures: { readonly task: TaskName; readonly n: number } & Readonly<Record<string, unknown>>;
  /** The measures as a sentence for the user. */
  readonly summary: string;
  /** A line for each row that was scored: the answer, and what goes with it, between tabs. */
  readonly predictions?: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** The saved model of a run on the current backend, with everything that it can do without the training data. */
export interface StoredModel {
  /** Reads texts; absent if the model does not. */
  readonly reading?: TextReading;
  /**
   * Scores data of the kind that it was trained on. Absent where the task generates all its data.
   * @param path a file, or a folder where the task takes one
   * @throws InputError for data that cannot be used
   */
  evaluate?(path: string, columns: EvaluationColumns): Promise<Evaluated>;
  /** Translates texts; absent if the model does not. */
  translate?(texts: readonly string[]): Promise<string[]>;
  /** Classifies texts and says why, where the task has classes. */
  readonly classifier?: Classifier;
  /**
   * Lets the model write, where it can; a label says for what, where the model was trained with some. @throws Error for
   * a label that it does not know
   */
  write?(options: WritingOptions & { readonly label?: string | undefined }): AsyncGenerator<string, void, void>;
  dispose(): void;
}
