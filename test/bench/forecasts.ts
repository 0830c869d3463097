/**
 * `npm run bench -- forecasts [--only NAME] [--set FIELD=VALUE]...` trains the default LSTM on series of known kinds and
 * prints its errors on the last fifth of each, which it has not seen, next to those of all baselines. Validation, by
 * which the best step is kept, is in the first four fifths.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyAssignments, parseRunConfig } from '../../src/config/parse.ts';
import { BASELINE_NAMES } from '../../src/data/numeric/baselines/baselines.ts';
import { prepareSeries, stretchesAfter } from '../../src/data/numeric/preparedSeries.ts';
import { readSeries } from '../../src/data/numeric/readSeries.ts';
import { windowsIn } from '../../src/data/numeric/seriesWindows.ts';
import { storedPlanSchema } from '../../src/data/numeric/storedPlan.ts';
import { savedSequenceModel } from '../../src/models/savedModels.ts';
import { say } from '../../src/phrases/phrase.ts';
import { Session } from '../../src/worker/session.ts';
import { forecastLines } from '../../src/worker/tasks/forecasting/forecasts.ts';
import { type ColumnScores, scoreColumn } from '../../src/worker/tasks/forecasting/scoreForecasts.ts';
import { comparison } from '../../src/worker/tasks/forecasting/scoreTables.ts';
import { readModelFile, readModelFiles } from '../../src/worker/trainedModel.ts';
import { benchSeries, type BenchSeries } from './forecasts/series.ts';

/** Fraction of a series that training and validation read. */
const SEEN = 0.8;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    set: { type: 'string', multiple: true, default: [] },
  },
});

const home = await mkdtemp(join(tmpdir(), 'sequence-lab-forecasts-'));
const METHODS = ['model', ...BASELINE_NAMES] as const;
try {
  console.log(`| series | steps ahead | transform | ${METHODS.join(' | ')} | s |`);
  console.log(`| --- | --- | --- | ${METHODS.map(() => '---').join(' | ')} | --- |`);
  const sentences: string[] = [];
  for (const series of benchSeries().filter(({ name }) => name.includes(options.only))) {
    const started = performance.now();
    const { scores, transform } = await scored(series);
    const maes = METHODS.map((name) => scores.methods.get(name)?.metrics.mae);
    const least = Math.min(...maes.map((mae) => mae ?? Infinity));
    const cells = maes.map((mae) =>
      mae === undefined ? '–' : mae === least ? `**${mae.toPrecision(3)}**` : mae.toPrecision(3),
    );
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`| ${series.name} | ${series.horizon} | ${transform} | ${cells.join(' | ')} | ${seconds} |`);
    sentences.push(`${series.name}: ${say(comparison(scores))}`);
  }
  console.log(`\n${sentences.join('\n')}`);
} finally {
  await rm(home, { recursive: true });
}

/** Trains on the first part of a series, and scores the forecasts of the rest. */
async function scored({ name, horizon, csv }: BenchSeries): Promise<{ scores: ColumnScores; transform: string }> {
  const [head = '', ...rows] = csv.trimEnd().split('\n');
  const seen = [head, ...rows.slice(0, Math.floor(SEEN * rows.length))].join('\n');
  const config = parseRunConfig(
    applyAssignments({ task: { name: 'forecasting', horizon }, probes: { every: 0 } }, options.set),
  );
  const session = await Session.start(
    {
      config,
      source: { kind: 'text', text: `${seen}\n`, name: `${name}.csv` },
      out: join(home, name),
      backends: { home, tensorflowPath: '', wideSimd: true },
    },
    () => undefined,
  );
  await session.train();
  const plan = storedPlanSchema.parse(JSON.parse(String(await readModelFile(session.folder, 'series.json'))));
  const model = savedSequenceModel.load(await readModelFiles(session.folder));
  const all = await readSeries({ kind: 'text', text: csv, name: `${name}.csv` }, { timeColumn: '', inputs: '' });
  const prepared = prepareSeries(all, plan);
  const windows = windowsIn(prepared, stretchesAfter(all, SEEN), horizon);
  const lines = await forecastLines(model, prepared, windows, horizon, () => Promise.resolve());
  model.dispose();
  const { log, lag } = plan.targets[0]!.transform;
  const transform =
    [log ? 'log' : '', lag === 0 ? '' : `lag ${lag}`].filter((each) => each !== '').join(', ') || 'none';
  return { scores: scoreColumn(prepared, lines, horizon, 0), transform };
}
