import * as tf from '@tensorflow/tfjs';
import type { WindowShape } from '../../../data/numeric/seriesWindows.ts';
import type { Standardizer } from '../../../data/numeric/standardizer.ts';
import type { SequenceBatch } from '../../../data/synthetic/sequenceBatch.ts';
import type { SequenceModel } from '../../../models/sequenceModel.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import { readSequences } from '../../../training/sequenceLoss.ts';
import type { YieldNow } from '../../../training/trainingTask.ts';

/** Forecasts of a model for windows, in the units of the series, `[windows][horizon]`. */
export async function forecasts(
  model: SequenceModel,
  windows: readonly SequenceBatch[],
  { target, horizon }: WindowShape,
  { means, deviations }: Standardizer,
  yieldNow: YieldNow,
): Promise<number[][]> {
  const rows: number[][] = [];
  for (const batch of windows) {
    const outputs = tf.tidy(() => model.outputsOf(readSequences(model, batch).hidden));
    const values = Array.from(await outputs.data(), (value) => means[target]! + deviations[target]! * value);
    outputs.dispose();
    for (let b = 0; b < batch.batch; b++) rows.push(values.slice(b * horizon, (b + 1) * horizon));
    await yieldNow();
  }
  return rows;
}

/** Errors of the forecasts by the number of steps ahead. */
export async function errorsAhead(
  model: SequenceModel,
  windows: readonly SequenceBatch[],
  shape: WindowShape,
  standardizer: Standardizer,
  yieldNow: YieldNow,
): Promise<ReportBlock> {
  const { target, horizon, timeSteps, channels } = shape;
  const [mean, deviation] = [standardizer.means[target]!, standardizer.deviations[target]!];
  const predicted = await forecasts(model, windows, shape, standardizer, yieldNow);
  const squares = { model: new Float64Array(horizon), last: new Float64Array(horizon) };
  let row = 0;
  for (const { inputs, targets, batch } of windows) {
    for (let b = 0; b < batch; b++, row++) {
      const last = inputs[((timeSteps - 1) * batch + b) * channels + target]!;
      for (let ahead = 0; ahead < horizon; ahead++) {
        const value = targets[b * horizon + ahead]!;
        squares.last[ahead] = squares.last[ahead]! + (deviation * (value - last)) ** 2;
        squares.model[ahead] = squares.model[ahead]! + (mean + deviation * value - predicted[row]![ahead]!) ** 2;
      }
    }
  }
  const error = (sums: Float64Array, ahead: number) => Number(Math.sqrt(sums[ahead]! / row).toPrecision(4));
  return {
    kind: 'table',
    title: `Errors of ${standardizer.columns[target] ?? ''}, by steps ahead`,
    columns: ['steps ahead', 'model', 'last value repeated'],
    rows: Array.from({ length: horizon }, (_, ahead) => [
      ahead + 1,
      error(squares.model, ahead),
      error(squares.last, ahead),
    ]),
    note: 'Root mean squared errors over the validation windows, in the units of the series.',
  };
}
