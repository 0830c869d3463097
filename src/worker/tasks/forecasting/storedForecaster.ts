import * as z from 'zod';
import { readSeries } from '../../../data/numeric/readSeries.ts';
import { allWindows, seriesBaselines } from '../../../data/numeric/seriesWindows.ts';
import { standardized, standardizerSchema } from '../../../data/numeric/standardizer.ts';
import { parseFile } from '../../../models/savedModel.ts';
import { savedSequenceModel } from '../../../models/savedModels.ts';
import { yieldToEventLoop } from '../../../platform/system.ts';
import type { RunRecord } from '../../../runs/record.ts';
import { scoreSequences } from '../../../training/sequenceScoring.ts';
import { readModelFiles, readModelText } from '../../trainedModel.ts';
import type { Evaluated, StoredModel } from '../storedModel.ts';
import { forecasts } from './forecasts.ts';
import { phrase } from '../../../phrases/phrase.ts';

const seriesSchema = standardizerSchema.extend({
  version: z.literal(1),
  timeSteps: z.int().positive(),
  channels: z.int().positive(),
  target: z.int().nonnegative(),
  horizon: z.int().positive(),
});

/** The forecaster of a run. */
export async function openForecaster(folder: string, { config: { task } }: RunRecord): Promise<StoredModel> {
  const model = savedSequenceModel.load(await readModelFiles(folder));
  const kept = parseFile(seriesSchema, await readModelText(folder, 'series.json'), 'series.json');
  return {
    async evaluate(path): Promise<Evaluated> {
      const series = await readSeries(
        { kind: 'file', path },
        { missing: task.name === 'forecasting' ? task.missing : 'previous' },
      );
      const windows = allWindows(standardized(kept, series), kept, series.name);
      const { loss: mse, n } = await scoreSequences(model, windows, () => yieldToEventLoop());
      const rmse = Math.sqrt(mse) * kept.deviations[kept.target]!;
      const { 'last value': lastValueMse, mean: meanMse } = seriesBaselines(windows, kept);
      const rows = await forecasts(model, windows, kept, kept, () => yieldToEventLoop());
      return {
        measures: { task: 'forecasting', n, mse, rmse, baselines: { lastValueMse, meanMse } },
        summary: phrase(
          'mean squared error {0} of standardized values (last value {1}, mean {2}), root mean squared error {3} in the units of {4}, over {5} windows',
          mse.toFixed(4),
          lastValueMse.toFixed(4),
          meanMse.toFixed(4),
          rmse.toPrecision(4),
          kept.columns[kept.target] ?? '',
          n,
        ),
        predictions: rows.map((values) => values.join('\t')),
        skipped: series.problems.map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
      };
    },
    dispose: () => model.dispose(),
  };
}
