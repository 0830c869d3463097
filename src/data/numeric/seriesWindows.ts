import { BatchedEpochs } from '../labeled/epochs.ts';
import type { SequenceBatch } from '../synthetic/sequenceBatch.ts';
import { longestLag } from './forecastPlan.ts';
import type { PreparedSeries, ScaledStretch } from './preparedSeries.ts';
import type { Stretch } from './readSeries.ts';
import { baseStep } from './transform.ts';

/** Windows per scored batch. */
const SCORED_BATCH = 256;

/** A window by the last step that it reads. */
export interface WindowAt {
  /** Index of the step in the series. */
  readonly origin: number;
  readonly stretch: ScaledStretch;
}

/**
 * The windows of a series whose steps to forecast are all in some parts of its stretches, in order. The steps that they
 * read may be before the part, but never in another stretch.
 * @param parts one for each stretch: all of it, its training part or its validation part
 * @param ahead steps to forecast that must be known
 */
export function windowsIn(prepared: PreparedSeries, parts: readonly Stretch[], ahead: number): WindowAt[] {
  const { plan, stretches } = prepared;
  return stretches.flatMap((stretch, i) => {
    const part = parts[i]!;
    const first = Math.max(part.first - 1, firstOrigin(stretch, plan.timeSteps, longestLag(plan)));
    const last = part.first + part.steps - 1 - ahead;
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => ({ origin: first + n, stretch }));
  });
}

/** First step of a stretch after which a window can forecast. */
export function firstOrigin({ first }: Stretch, timeSteps: number, lag: number): number {
  return first + lag + timeSteps - 1;
}

/**
 * Returns windows as a batch: inputs `[timeSteps, batch, channels]`, and targets `[batch, outputSteps * targets]` on the
 * scale of the model, which are 0 for steps after the end of the series.
 */
export function batchOf(prepared: PreparedSeries, windows: readonly WindowAt[]): SequenceBatch {
  const { plan, inputs, channels } = prepared;
  const { timeSteps, outputSteps, targets } = plan;
  const batch = windows.length;
  const read = new Float32Array(timeSteps * batch * channels);
  const answers = new Float32Array(batch * outputSteps * targets.length);
  windows.forEach(({ origin, stretch }, b) => {
    for (let t = 0; t < timeSteps; t++) {
      const row = origin + 1 - timeSteps + t;
      read.set(inputs.subarray(row * channels, (row + 1) * channels), (t * batch + b) * channels);
    }
    const ahead = Math.min(outputSteps, stretch.first + stretch.steps - 1 - origin);
    for (let h = 1; h <= ahead; h++) {
      for (let k = 0; k < targets.length; k++)
        answers[(b * outputSteps + h - 1) * targets.length + k] = scaledTarget(prepared, { origin, stretch }, h, k);
    }
  });
  return { timeSteps, batch, inputs: read, targets: answers };
}

/** A true value on the scale of the model. @param ahead steps after the origin, from 1; @param k index of the target */
export function scaledTarget(prepared: PreparedSeries, at: WindowAt, ahead: number, k: number): number {
  const { deviation } = at.stretch.scale.targets[k]!;
  return (prepared.working[k]![at.origin + ahead]! - baseOf(prepared, at, ahead, k)) / deviation;
}

/** Base of a forecast, before differencing. */
export function baseOf({ plan, working }: PreparedSeries, at: WindowAt, ahead: number, k: number): number {
  const { lag } = plan.targets[k]!.transform;
  return lag === 0 ? at.stretch.scale.targets[k]!.mean : working[k]![baseStep(at.origin, ahead, lag)]!;
}

/** Batches of windows, in a new order in every epoch. */
export class SeriesWindows extends BatchedEpochs<WindowAt, SequenceBatch> {
  /** @param windows at least one */
  constructor(
    prepared: PreparedSeries,
    windows: readonly WindowAt[],
    { batchSize, seed }: { readonly batchSize: number; readonly seed: number },
  ) {
    super(windows, { batchSize, seed, lengthOf: () => 1 }, (batch) => batchOf(prepared, batch));
  }
}

/** Windows in batches, in order. */
export function batchesOf<Window>(windows: readonly Window[]): Window[][] {
  return Array.from({ length: Math.ceil(windows.length / SCORED_BATCH) }, (_, batch) =>
    windows.slice(batch * SCORED_BATCH, (batch + 1) * SCORED_BATCH),
  );
}
