import { bytes, double, doubles, float, int, message, text } from '../../format/protobuf.ts';

/**
 * Messages of TensorBoard. The numbers of their fields are those of `event.proto`, `summary.proto`, `tensor.proto` and
 * the plugin's `plugin_data.proto` and `api.proto` in https://github.com/tensorflow/tensorboard.
 */

/** A value of a summary, encoded. */
export type Summary = Uint8Array;

/** Place of an event: seconds since 1970 and the step. */
export interface Moment {
  readonly seconds: number;
  readonly step: number;
}

/** First event of a file. */
export function versionEvent(seconds: number): Uint8Array[] {
  return [double(1, seconds), text(3, 'brain.Event:2')];
}

/** Event that makes TensorBoard drop what earlier files say about this and later steps. */
export function restartEvent({ seconds, step }: Moment): Uint8Array[] {
  const start = 1;
  return [double(1, seconds), int(2, step), message(7, int(1, start))];
}

export function summaryEvent({ seconds, step }: Moment, summaries: readonly Summary[]): Uint8Array[] {
  return [double(1, seconds), int(2, step), message(5, ...summaries)];
}

export function scalar(tag: string, value: number): Summary {
  return message(1, text(1, tag), float(2, value));
}

/** A histogram: `limits[i]` is the upper limit of bucket i, `low` the lower limit of the first. */
export interface Histogram {
  readonly low: number;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** @param about what the histogram shows */
export function histogram(tag: string, { low, limits, counts }: Histogram, about: string): Summary {
  const centers = limits.map((limit, i) => (limit + (limits[i - 1] ?? low)) / 2);
  const sum = (of: (center: number) => number) =>
    counts.reduce((total, count, i) => total + count * of(centers[i] ?? 0), 0);
  const fields = [
    double(1, low),
    double(2, limits.at(-1) ?? low),
    double(
      3,
      sum(() => 1),
    ),
    double(
      4,
      sum((center) => center),
    ),
    double(
      5,
      sum((center) => center * center),
    ),
    doubles(6, limits),
    doubles(7, counts),
  ];
  return message(1, text(1, tag), message(5, ...fields), message(9, message(1, text(1, 'histograms')), text(3, about)));
}

/** Data types of tensors. */
const FLOAT = 1;
const STRING = 7;
/** Class of the data of a summary that is a tensor. */
const TENSOR_CLASS = 2;

/** A text, which TensorBoard shows as Markdown. */
export function textSummary(tag: string, markdown: string): Summary {
  const shape = message(2, message(2, int(1, 1)));
  const metadata = message(9, message(1, text(1, 'text')), int(4, TENSOR_CLASS));
  return message(1, text(1, tag), message(8, int(1, STRING), shape, text(8, markdown)), metadata);
}

/** Value of a hyperparameter. */
export type ParameterValue = string | number | boolean;

const PARAMETER_TYPES = { string: 1, boolean: 2, number: 3 } as const;

/**
 * Hyperparameters and metrics of an experiment, as the columns of the tab HPARAMS.
 * @param metrics tags of scalars
 */
export function experiment(
  startedAt: number,
  parameters: ReadonlyMap<string, ParameterValue>,
  metrics: readonly string[],
): Summary {
  const infos = [...parameters].map(([name, value]) => {
    const type = PARAMETER_TYPES[typeof value as keyof typeof PARAMETER_TYPES];
    return message(4, text(1, name), int(4, type));
  });
  const measured = metrics.map((tag) => message(5, message(1, text(2, tag))));
  return hparams('_hparams_/experiment', message(2, double(3, startedAt), ...infos, ...measured));
}

/** Hyperparameters of one run. */
export function sessionStart(run: string, startedAt: number, parameters: ReadonlyMap<string, ParameterValue>): Summary {
  const entries = [...parameters].map(([name, value]) => message(1, text(1, name), message(2, parameterValue(value))));
  return hparams('_hparams_/session_start_info', message(3, ...entries, text(4, run), double(5, startedAt)));
}

/** How a session can end, as TensorBoard names it. */
const SessionStatus = { unknown: 0, success: 1, failure: 2, running: 3 } as const;
export type Status = keyof typeof SessionStatus;

export function sessionEnd(endedAt: number, status: Status): Summary {
  return hparams('_hparams_/session_end_info', message(4, int(1, SessionStatus[status]), double(2, endedAt)));
}

function parameterValue(value: ParameterValue): Uint8Array {
  if (typeof value === 'number') return double(2, value);
  return typeof value === 'string' ? text(3, value) : int(4, Number(value));
}

function hparams(tag: string, content: Uint8Array): Summary {
  const empty = message(8, int(1, FLOAT), message(2, message(2, int(1, 0))));
  const metadata = message(9, message(1, text(1, 'hparams'), bytes(2, content)), int(4, TENSOR_CLASS));
  return message(1, text(1, tag), empty, metadata);
}
