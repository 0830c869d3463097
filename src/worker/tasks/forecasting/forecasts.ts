import * as tf from '@tensorflow/tfjs';
import type { WindowShape } from '../../../data/numeric/seriesWindows.ts';
import type { Standardizer } from '../../../data/numeric/standardizer.ts';
import type { SequenceBatch } from '../../../data/synthetic/sequenceBatch.ts';
import type { SequenceModel } from '../../../models/sequenceModel.ts';
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
    const values = await outputsOf(model, batch);
    for (let b = 0; b < batch.batch; b++) {
      const own = values.subarray(b * horizon, (b + 1) * horizon);
      rows.push(Array.from(own, (value) => means[target]! + deviations[target]! * value));
    }
    await yieldNow();
  }
  return rows;
}

/** Outputs of a model for the windows of a batch, standardized, `[batch, horizon]`. */
async function outputsOf(model: SequenceModel, batch: SequenceBatch): Promise<Float32Array> {
  const outputs = tf.tidy(() => model.outputsOf(readSequences(model, batch).hidden));
  const values = await outputs.data<'float32'>();
  outputs.dispose();
  return values;
}

/**
 * Continues a series of one channel from some of its steps: the model forecasts `horizon` steps and reads them as if they
 * had been observed, and so on. The first `horizon` steps are its direct forecast.
 * @param values standardized series, `[steps]`
 * @param origins index of the last step that is read, at least `timeSteps - 1`
 * @returns standardized values, `[origins][horizon * rounds]`
 */
export async function continued(
  model: SequenceModel,
  values: Float32Array,
  origins: readonly number[],
  { timeSteps, horizon }: WindowShape,
  rounds: number,
  yieldNow: YieldNow,
): Promise<number[][]> {
  const read = origins.map((origin) => [...values.subarray(origin + 1 - timeSteps, origin + 1)]);
  const batch = origins.length;
  const targets = new Float32Array(batch * horizon);
  for (let round = 0; round < rounds; round++) {
    const inputs = new Float32Array(timeSteps * batch);
    read.forEach((own, b) => own.slice(-timeSteps).forEach((value, t) => (inputs[t * batch + b] = value)));
    const next = await outputsOf(model, { timeSteps, batch, inputs, targets });
    read.forEach((own, b) => own.push(...next.subarray(b * horizon, (b + 1) * horizon)));
    await yieldNow();
  }
  return read.map((own) => own.slice(timeSteps));
}
