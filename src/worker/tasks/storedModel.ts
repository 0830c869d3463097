import type { Reading } from '../../config/reading.ts';
import type { TaskName } from '../../config/task.ts';
import type { TextAnswer } from '../../protocol/textAnswer.ts';
import type { Classifier } from '../../sentiment/classifier.ts';
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
  /** How the file is read where it differs from the configuration of the run. */
  readonly reading?: Partial<Reading> | undefined;
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

/** What to forecast with a saved model. */
export interface ForecastRequest {
  /** File whose last rows are continued; undefined for the data of the run. */
  readonly path?: string | undefined;
  /** Steps to forecast; undefined for as many as the model was trained for. */
  readonly steps?: number | undefined;
  /** Whether to forecast after earlier rows too, to compare with the truth. */
  readonly backTest: boolean;
  /** How the file is read where it differs from the configuration of the run. */
  readonly reading?: Partial<Reading> | undefined;
}

/** A step of a forecast. */
export interface ForecastPoint {
  /** Name of the series, if the file has several. */
  readonly series?: string;
  readonly column: string;
  /** Steps after the last row, from 1. */
  readonly ahead: number;
  /** Time in UTC, or null without a time column or a regular step. */
  readonly time: string | null;
  readonly value: number;
  /** Interval; null where none was learned or measured. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Errors of a method of forecasting, in the units of the column. */
export interface ForecastErrors {
  readonly mae: number;
  readonly rmse: number;
  readonly smape: number;
  readonly mase: number | null;
}

/** Forecasts of a column after earlier rows, compared with the truth. */
export interface BackTest {
  readonly column: string;
  /** Number of origins that all methods are compared on. */
  readonly n: number;
  /** Errors over these origins. */
  readonly methods: Readonly<Record<string, ForecastErrors & { readonly rmseAhead: readonly number[] }>>;
  /** Whether the model beats the seasonal naive forecast, or the last value without a season. */
  readonly comparison: Text;
  /** Errors after each origin. */
  readonly origins: readonly {
    readonly series?: string;
    readonly after: string | number;
    readonly methods: Readonly<Record<string, ForecastErrors>>;
  }[];
}

/** A forecast after the last row of a series. */
export interface Forecasted {
  readonly columns: readonly { readonly column: string; readonly unit: string }[];
  /** Length of a step; null without a time column, or if steps differ. */
  readonly step: string | null;
  /** Quantiles between which the interval is; null without one. */
  readonly interval: readonly [number, number] | null;
  /** Steps that the model was trained for. Later ones are forecast from forecasts. */
  readonly trainedSteps: number;
  readonly points: readonly ForecastPoint[];
  /** Forecasts after earlier rows, if they were requested. */
  readonly backTest?: readonly BackTest[];
  readonly notes: readonly Text[];
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
  /**
   * Forecasts the steps after the last row; absent if the model does not.
   * @throws InputError for data that cannot be used
   */
  forecast?(request: ForecastRequest): Promise<Forecasted>;
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
  dispose(): void;
}
