import type { WindowShape } from '../../../data/numeric/seriesWindows.ts';
import type { SequenceBatch } from '../../../data/synthetic/sequenceBatch.ts';
import type { ReportBlock } from '../../../protocol/report.ts';

/** Root mean squared errors of the model and of the forecasts by which it is judged, each `[horizon]`. */
export type ErrorsAhead = Extract<ReportBlock, { kind: 'forecast' }>['errors'];

/** Standardized forecast of a baseline for a window. The mean of the training part is 0. */
type Rule = (read: Read, ahead: number) => number;

/** Standardized value of the target at a step of the window. */
type Read = (t: number) => number;

/**
 * Errors of a model and of the baselines by the number of steps ahead, in the units of the series: the last value
 * repeated, the value of a season before if there is one, and the mean of the training part.
 * @param predicted forecasts of the model in the units of the series, `[windows][horizon]`
 * @param season period in steps, at most the steps of a window
 */
export function errorsAhead(
  windows: readonly SequenceBatch[],
  predicted: readonly (readonly number[])[],
  { target, horizon, timeSteps, channels }: WindowShape,
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
  season: number | undefined,
): ErrorsAhead {
  const rules: readonly Rule[] = [
    (read) => read(timeSteps - 1),
    () => 0,
    ...(season === undefined ? [] : [(read: Read, ahead: number) => read(timeSteps - season + (ahead % season))]),
  ];
  const sums = [undefined, ...rules].map(() => new Float64Array(horizon));
  const add = (method: number, ahead: number, error: number) => {
    sums[method]![ahead] = sums[method]![ahead]! + error * error;
  };
  let row = 0;
  for (const { inputs, targets, batch } of windows) {
    for (let b = 0; b < batch; b++, row++) {
      const read = (t: number) => inputs[(t * batch + b) * channels + target]!;
      for (let ahead = 0; ahead < horizon; ahead++) {
        const value = targets[b * horizon + ahead]!;
        add(0, ahead, mean + deviation * value - predicted[row]![ahead]!);
        rules.forEach((rule, i) => add(i + 1, ahead, deviation * (value - rule(read, ahead))));
      }
    }
  }
  const [model = [], lastValue = [], ofMean = [], ofSeason] = sums.map((squares) =>
    Array.from(squares, (square) => Number(Math.sqrt(square / row).toPrecision(4))),
  );
  return { model, lastValue, mean: ofMean, ...(ofSeason && { season: ofSeason }) };
}
