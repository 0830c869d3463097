import type { ForecastPlan } from '../../../data/numeric/forecastPlan.ts';
import { longestLag } from '../../../data/numeric/forecastPlan.ts';
import { type PreparedSeries, prepareSeries, stretchesAfter } from '../../../data/numeric/preparedSeries.ts';
import { type NumericSeries, readSeries, type SeriesOptions } from '../../../data/numeric/readSeries.ts';
import { batchesOf, batchOf, windowsIn } from '../../../data/numeric/seriesWindows.ts';
import { describeStep } from '../../../data/numeric/timeStep.ts';
import { storedPlanSchema } from '../../../data/numeric/storedPlan.ts';
import { InputError } from '../../../data/inputError.ts';
import { parseFile } from '../../../models/savedModel.ts';
import { savedSequenceModel } from '../../../models/savedModels.ts';
import type { SequenceModel } from '../../../models/sequenceModel.ts';
import { yieldToEventLoop } from '../../../platform/system.ts';
import type { RunRecord } from '../../../runs/record.ts';
import { scoreSequences } from '../../../training/sequenceScoring.ts';
import type { TextSource } from '../../../config/textSource.ts';
import { readModelFiles, readModelText } from '../../trainedModel.ts';
import { readSource, storedDataFiles } from '../dataFiles.ts';
import type {
  BackTest,
  Evaluated,
  Forecasted,
  ForecastErrors,
  ForecastPoint,
  ForecastRequest,
  StoredModel,
} from '../storedModel.ts';
import { backTest } from './backTest.ts';
import { canContinue, type ForecastLine, forecastLines } from './forecasts.ts';
import { intervalNote, lastWindows } from './forecastReport.ts';
import { baselineLosses, type ColumnScores, scoreColumn } from './scoreForecasts.ts';
import { comparison, scaledComparison } from './scoreTables.ts';
import { seriesOptions } from '../../../data/numeric/seriesOptions.ts';
import { rounded, timeOf } from './steps.ts';
import { phrase, say, sentences, type Text } from '../../../phrases/phrase.ts';

const yieldNow = () => yieldToEventLoop();

/** The forecaster of a run. */
export async function openForecaster(folder: string, record: RunRecord): Promise<StoredModel> {
  const model = savedSequenceModel.load(await readModelFiles(folder));
  const plan = parseFile(storedPlanSchema, await readModelText(folder, 'series.json'), 'series.json');
  const read = async (source: TextSource) => readSeries(readSource(source, record.config), optionsOf(plan, record));
  return {
    evaluate: async (path) => evaluated(model, plan, await read({ kind: 'file', path })),
    async forecast(request) {
      const { source, trained } = await dataOf(request, folder, record);
      return forecasted(model, prepareSeries(await read(source), plan), { ...request, trained });
    },
    dispose: () => model.dispose(),
  };
}

/** Data to continue. */
interface ContinuedData {
  readonly source: TextSource;
  /** Fraction of its first steps that the model was trained on. */
  readonly trained: number;
}

/** A file, or the last data of a run: its validation file, if it has one. */
async function dataOf({ path }: ForecastRequest, folder: string, record: RunRecord): Promise<ContinuedData> {
  if (path !== undefined) return { source: { kind: 'file', path }, trained: 0 };
  const { train, validation } = await storedDataFiles(folder, record);
  return validation
    ? { source: validation, trained: 0 }
    : { source: train, trained: 1 - record.config.data.validationShare };
}

/** How the data of a run is read, with the columns of its model. */
function optionsOf(
  { inputs, targets, timeColumn, groupColumn }: ForecastPlan,
  { config: { task } }: RunRecord,
): SeriesOptions {
  return {
    ...(task.name === 'forecasting' && seriesOptions(task)),
    // The model is trained: what is filled is said.
    ...(task.name === 'forecasting' && task.missing === 'ask' && { missing: 'previous' }),
    inputs,
    targets: targets.map(({ column }) => column),
    timeColumn: timeColumn ?? 'none',
    groupColumn: groupColumn ?? '',
  };
}

async function evaluated(model: SequenceModel, plan: ForecastPlan, series: NumericSeries): Promise<Evaluated> {
  const prepared = prepareSeries(series, plan);
  const windows = windowsIn(prepared, series.stretches, plan.horizon);
  if (windows.length === 0) throw tooShort(prepared);
  const batches = batchesOf(windows).map((own) => batchOf(prepared, own));
  const { loss, n } = await scoreSequences(model, batches, yieldNow, plan.quantiles);
  const lines = await forecastLines(model, prepared, windows, plan.horizon, yieldNow);
  const scores = plan.targets.map((_, k) => scoreColumn(prepared, lines, plan.horizon, k));
  const [first] = scores as [ColumnScores];
  const { 'last value': lastValueMse, mean: meanMse } = baselineLosses(prepared, windows);
  const rmse = first.methods.get('model')?.metrics.rmse ?? NaN;
  return {
    measures: {
      task: 'forecasting',
      n,
      ...(plan.quantiles.length > 0 ? { quantileLoss: loss } : { mse: loss }),
      rmse,
      baselines: { lastValueMse, meanMse },
      columns: scores.map((each) => ({
        column: each.column,
        unit: each.unit,
        n: each.n,
        season: each.season,
        methods: errorsOf(each),
        coverage: each.coverage,
      })),
    },
    summary: sentences(
      phrase(
        '{0}: mean absolute error {1}, root mean squared error {2}, over {3} windows.',
        first.column,
        (first.methods.get('model')?.metrics.mae ?? NaN).toPrecision(4),
        rmse.toPrecision(4),
        first.n,
      ),
      ...scores.map(comparison),
    ),
    predictions: lines.map(({ values }) => values.join('\t')),
    skipped: series.problems.map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
  };
}

async function forecasted(
  model: SequenceModel,
  prepared: PreparedSeries,
  { steps: wanted, backTest: withBackTest, trained }: ForecastRequest & Pick<ContinuedData, 'trained'>,
): Promise<Forecasted> {
  const { plan, series } = prepared;
  const steps = wanted ?? plan.horizon;
  if (steps > plan.outputSteps && !canContinue(prepared)) {
    const others = plan.inputs.filter((input) => !plan.targets.some(({ column }) => column === input));
    throw new InputError(
      'impossible',
      phrase(
        'The model forecasts {0} steps. For more, it would need later values of its inputs: {1}. Use a horizon of at most {0}, or train with inputs that are all forecast.',
        plan.horizon,
        others.join(', ') || plan.calendar.join(', '),
      ),
    );
  }
  const windows = lastWindows(prepared);
  if (windows.length === 0) throw tooShort(prepared);
  const lines = await forecastLines(model, prepared, windows, steps, yieldNow);
  const { quantiles, errors } = plan;
  return {
    columns: plan.targets.map(({ column, unit }) => ({ column, unit })),
    step: series.step && say(describeStep(series.step)),
    interval: quantiles.length > 1 ? [quantiles[0]!, quantiles.at(-1)!] : errors ? [errors.low, errors.high] : null,
    trainedSteps: plan.horizon,
    points: lines.flatMap((line) => pointsOf(prepared, line, steps)),
    ...(withBackTest && { backTest: await backTests(model, prepared, trained) }),
    notes: notesOf(prepared, lines, steps),
  };
}

function pointsOf(prepared: PreparedSeries, { at, values, low, high }: ForecastLine, steps: number): ForecastPoint[] {
  const { plan } = prepared;
  const orNull = (value: number) => (Number.isNaN(value) ? null : rounded(value));
  return plan.targets.flatMap(({ column }, k) =>
    Array.from({ length: steps }, (_, h) => {
      const place = h * plan.targets.length + k;
      return {
        ...(plan.groupColumn !== null && { series: at.stretch.group }),
        column,
        ahead: h + 1,
        time: timeOf(prepared, at.origin, h + 1) ?? null,
        value: rounded(values[place]!),
        low: orNull(low[place]!),
        high: orNull(high[place]!),
      };
    }),
  );
}

/** Back-tests of the part of a series that the model was not trained on. */
async function backTests(model: SequenceModel, prepared: PreparedSeries, trained: number): Promise<BackTest[]> {
  const { plan, series } = prepared;
  const windows = windowsIn(prepared, stretchesAfter(series, trained), plan.horizon);
  if (windows.length === 0) throw tooShort(prepared);
  const lines = await forecastLines(model, prepared, windows, plan.horizon, yieldNow);
  return plan.targets.map(({ column }, k) => {
    const scored = backTest(prepared, lines, k);
    const chosen = new Set(scored.map(({ origin }) => origin));
    const all = scoreColumn(
      prepared,
      lines.filter(({ at }) => chosen.has(at.origin)),
      plan.horizon,
      k,
    );
    return {
      column,
      n: all.n,
      methods: Object.fromEntries(
        [...all.methods].map(([name, { metrics, rmseAhead }]) => [name, { ...metrics, rmseAhead }]),
      ),
      comparison: sentences(comparison(all), scaledComparison(all)),
      origins: scored.map(({ after, series: name, scores }) => ({
        ...(plan.groupColumn !== null && { series: name }),
        after,
        methods: errorsOf(scores),
      })),
    };
  });
}

function errorsOf({ methods }: ColumnScores): Record<string, ForecastErrors> {
  return Object.fromEntries([...methods].map(([name, { metrics }]) => [name, metrics]));
}

function notesOf(prepared: PreparedSeries, lines: readonly ForecastLine[], steps: number): Text[] {
  const { plan, series } = prepared;
  const interval = lines[0] ? intervalNote(prepared, lines[0]) : '';
  const continued =
    steps > plan.horizon
      ? phrase(
          'The model was trained to forecast {0} steps. The steps after them are forecast from its own forecasts, and their interval is not known.',
          plan.horizon,
        )
      : '';
  const [first] = series.problems;
  const problems = first
    ? phrase('{0} rows are incomplete. The first is line {1}: {2}.', series.problems.length, first.line, first.reason)
    : '';
  return [interval, continued, problems].filter((note) => note !== '');
}

function tooShort({ plan, series }: PreparedSeries): InputError {
  return new InputError(
    'too-short',
    phrase(
      '"{0}" is too short: the model reads {1} steps, and no part without a gap has as many before its last {2}. Add rows.',
      series.name,
      plan.timeSteps + longestLag(plan),
      plan.horizon,
    ),
  );
}
