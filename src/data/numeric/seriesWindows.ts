import { InputError } from '../inputError.ts';
import { BatchedEpochs } from '../labeled/epochs.ts';
import type { SequenceBatch } from '../synthetic/sequenceBatch.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Windows per scored batch. */
const SCORED_BATCH = 256;

/** Shape of a window: the number of input steps, and the following steps of one channel to forecast. */
export interface WindowShape {
  readonly timeSteps: number;
  readonly channels: number;
  /** Index of the forecast channel. */
  readonly target: number;
  readonly horizon: number;
}

/**
 * Returns the windows that begin at given steps of a series `[steps, channels]`: inputs `[timeSteps, batch, channels]`,
 * targets `[batch, horizon]`.
 */
function windowsAt(
  values: Float32Array,
  starts: readonly number[],
  { timeSteps, channels, target, horizon }: WindowShape,
): SequenceBatch {
  const batch = starts.length;
  const inputs = new Float32Array(timeSteps * batch * channels);
  const targets = new Float32Array(batch * horizon);
  starts.forEach((start, b) => {
    for (let t = 0; t < timeSteps; t++) {
      inputs.set(values.subarray((start + t) * channels, (start + t + 1) * channels), (t * batch + b) * channels);
    }
    for (let ahead = 0; ahead < horizon; ahead++)
      targets[b * horizon + ahead] = values[(start + timeSteps + ahead) * channels + target]!;
  });
  return { timeSteps, batch, inputs, targets };
}

/** Batches of all windows of a series, in a new order in every epoch. */
export class SeriesWindows extends BatchedEpochs<number, SequenceBatch> {
  /** @param values `[steps, channels]`, at least one window */
  constructor(
    values: Float32Array,
    shape: WindowShape,
    { batchSize, seed }: { readonly batchSize: number; readonly seed: number },
  ) {
    const starts = Array.from({ length: windowCount(values.length / shape.channels, shape) }, (_, start) => start);
    super(starts, { batchSize, seed, lengthOf: () => 1 }, (batch) => windowsAt(values, batch, shape));
  }
}

/**
 * Returns every window of a series `[steps, channels]` in batches.
 * @param name name of the series, for messages
 * @throws InputError if the series is shorter than a window
 */
export function allWindows(values: Float32Array, shape: WindowShape, name: string): SequenceBatch[] {
  const windows = windowCount(values.length / shape.channels, shape);
  if (windows === 0) {
    throw new InputError(
      'too-short',
      phrase(
        '"{0}" is too short for a window of {1} steps. Add rows, or lower data.sequenceLength or task.horizon.',
        name,
        shape.timeSteps + shape.horizon,
      ),
    );
  }
  return Array.from({ length: Math.ceil(windows / SCORED_BATCH) }, (_, batch) => {
    const first = batch * SCORED_BATCH;
    return windowsAt(
      values,
      Array.from({ length: Math.min(SCORED_BATCH, windows - first) }, (_start, at) => first + at),
      shape,
    );
  });
}

/** Returns the number of windows in a series of `steps` steps. */
export function windowCount(steps: number, { timeSteps, horizon }: Pick<WindowShape, 'timeSteps' | 'horizon'>): number {
  return Math.max(0, steps - timeSteps - horizon + 1);
}

/**
 * Mean squared errors of forecasts that need no training: repeating the last input value, and the mean of the training
 * part.
 */
export function seriesBaselines(
  windows: readonly SequenceBatch[],
  { timeSteps, channels, target, horizon }: WindowShape,
): { readonly 'last value': number; readonly mean: number } {
  let [last, mean, n] = [0, 0, 0];
  for (const { inputs, targets, batch } of windows) {
    targets.forEach((value, at) => {
      const b = Math.floor(at / horizon);
      last += (value - inputs[((timeSteps - 1) * batch + b) * channels + target]!) ** 2;
      mean += value ** 2;
      n += 1;
    });
  }
  return { 'last value': last / n, mean: mean / n };
}
