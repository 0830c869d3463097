import type { ModelConfig, RunConfig } from '../../../config/schema.ts';
import { InputError } from '../../../data/inputError.ts';
import { channelsOf, type ForecastPlan, isClosed, longestLag, outputsOf } from '../../../data/numeric/forecastPlan.ts';
import {
  planForecast,
  type PreparedSeries,
  prepareSeries,
  seasonNotices,
  seasonsOf,
  stretchesAfter,
  trainStretches,
} from '../../../data/numeric/preparedSeries.ts';
import {
  noticesOf,
  type NumericSeries,
  readSeries,
  type SeriesOptions,
  type Stretch,
} from '../../../data/numeric/readSeries.ts';
import { batchesOf, batchOf, SeriesWindows, type WindowAt, windowsIn } from '../../../data/numeric/seriesWindows.ts';
import { describeStep } from '../../../data/numeric/timeStep.ts';
import type { BatchStream } from '../../../data/batchStream.ts';
import type { SequenceBatch } from '../../../data/synthetic/sequenceBatch.ts';
import { ConfigError } from '../../../config/parse.ts';
import { formatCount } from '../../../format/count.ts';
import { savedSequenceModel } from '../../../models/savedModels.ts';
import { SequenceModel } from '../../../models/sequenceModel.ts';
import { Generator } from '../../../random/generator.ts';
import { probedSequenceModel } from '../../../training/probedSequenceModel.ts';
import { sequenceLoss } from '../../../training/sequenceLoss.ts';
import { scoreSequences } from '../../../training/sequenceScoring.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import type { TrainingTask, YieldNow } from '../../../training/trainingTask.ts';
import { yieldToEventLoop } from '../../../platform/system.ts';
import { type DataFiles, fromFiles } from '../dataFiles.ts';
import { networkTask } from '../networkTask.ts';
import type { LoadedTask, TaskKind } from '../taskKind.ts';
import { errorRanges } from './errorRanges.ts';
import { forecastReport } from './forecastReport.ts';
import { forecastLines } from './forecasts.ts';
import { baselineLosses } from './scoreForecasts.ts';
import { type ForecastingConfig, planOptions, seriesOptions } from '../../../data/numeric/seriesOptions.ts';
import { openForecaster } from './storedForecaster.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';

/** Forecasts the next values of a series of numbers from the previous ones. */
export const forecasting: TaskKind = {
  ...fromFiles(loaded),
  open: openForecaster,
  timedLoop({ model: config, inputs, outputs = 1, timeSteps, batchSize }) {
    const model = newModel(inputs, outputs, config, Generator.forPurpose(1, 'measured masks'));
    model.initialize(Generator.forPurpose(1, 'measure'), config);
    const batch = {
      timeSteps,
      batch: batchSize,
      inputs: Float32Array.from({ length: timeSteps * batchSize * inputs }, (_, at) => Math.sin(at)),
      targets: Float32Array.from({ length: batchSize * outputs }, (_, at) => Math.sin(at)),
    };
    return new SequenceTrainer(model, repeated(batch), (each, options) => sequenceLoss(model, each, options));
  },
};

/** A stream of one batch. */
function repeated(batch: SequenceBatch): BatchStream<SequenceBatch> {
  return { batchSize: batch.batch, next: () => batch, position: null, seek: () => undefined };
}

/** The validation part of a series. */
interface ValidationPart {
  readonly prepared: PreparedSeries;
  /** Its steps in each stretch. */
  readonly parts: readonly Stretch[];
  /** All windows whose forecast steps are in it, over the whole horizon. */
  readonly windows: readonly WindowAt[];
}

/** The parts of the data. */
interface Parts {
  readonly plan: ForecastPlan;
  readonly train: PreparedSeries;
  readonly trainWindows: readonly WindowAt[];
  /** Its windows have their targets in the validation part; their inputs may be before it. */
  readonly validation: ValidationPart;
}

async function loaded(files: DataFiles, config: RunConfig, { name }: { name: string }): Promise<LoadedTask> {
  const { task, data, model, training } = config;
  if (task.name !== 'forecasting') throw new Error(`The task ${task.name} does not forecast.`);
  const options = seriesOptions(task);
  const series = await readSeries(files.train, options);
  const other = files.validation && (await readSeries(files.validation, sameColumns(series, options)));
  const parts = partsOf(series, other, task, data);
  const { plan, trainWindows, validation } = parts;
  const batchSize = Math.min(training.batchSize, trainWindows.length);
  return {
    name,
    batchSize,
    shape: {
      task: task.name,
      model,
      timeSteps: plan.timeSteps,
      batchSize,
      inputs: channelsOf(plan),
      outputs: outputsOf(plan),
    },
    text: null,
    facts: factsOf(series, parts),
    notices: [
      ...noticesOf(series),
      ...seasonNotices(seasonsOf(plan), plan.timeSteps),
      ...(other ? noticesOf(other) : []),
    ],
    baselines: async () => ({ ...baselineLosses(validation.prepared, validation.windows) }),
    create: () => create(parts, { ...config, training: { ...training, batchSize } }),
  };
}

function create(
  { plan, train, trainWindows, validation }: Parts,
  { model: config, training, seed }: RunConfig,
): TrainingTask {
  const { quantiles } = plan;
  const model = newModel(channelsOf(plan), outputsOf(plan), config, Generator.forPurpose(seed, 'dropout'));
  const windows = new SeriesWindows(train, trainWindows, { batchSize: training.batchSize, seed });
  const loop = new SequenceTrainer(
    model,
    windows,
    (batch, options) => sequenceLoss(model, batch, options, quantiles),
    training,
  );
  const scored = batchesOf(validation.windows).map((own) => batchOf(validation.prepared, own));
  const measured = async (yieldNow: YieldNow) => {
    const { prepared, windows: held } = validation;
    const lines = await forecastLines(model, prepared, held, plan.horizon, yieldNow);
    return { lines, measuredPlan: { ...plan, errors: errorRanges(prepared, lines) } };
  };
  return {
    ...networkTask(model, loop, { model: config, seed }),
    validate: async (yieldNow) => scoreSequences(model, scored, yieldNow, quantiles),
    report: async (yieldNow) => {
      const { lines, measuredPlan } = await measured(yieldNow);
      const prepared = { ...validation.prepared, plan: measuredPlan };
      return forecastReport(model, { prepared, parts: validation.parts, lines }, yieldNow);
    },
    modelFiles: async () => ({
      ...(await savedSequenceModel.files(model, 'forecasting')),
      'series.json': JSON.stringify((await measured(() => yieldToEventLoop())).measuredPlan),
    }),
    ...(scored[0] && { probed: probedSequenceModel(model, scored[0], quantiles) }),
  };
}

function newModel(inputs: number, outputs: number, config: ModelConfig, masks: Generator): SequenceModel {
  return new SequenceModel({ ...config, inputs, inputKind: 'vectors', outputs, outputKind: 'number' }, masks);
}

/** Options that read the columns of a series from another file. */
function sameColumns(
  {
    columns,
    inputs,
    targets,
    timeColumn,
    groupColumn,
  }: Pick<NumericSeries, 'columns' | 'inputs' | 'targets' | 'timeColumn' | 'groupColumn'>,
  options: SeriesOptions,
): SeriesOptions {
  return {
    ...options,
    inputs: inputs.map((channel) => columns[channel] ?? ''),
    targets: targets.map((channel) => columns[channel] ?? ''),
    timeColumn: timeColumn ?? 'none',
    groupColumn: groupColumn ?? '',
  };
}

/** Splits each series in time, and fits transforms and scales to the training parts only. */
function partsOf(
  series: NumericSeries,
  other: NumericSeries | undefined,
  task: ForecastingConfig,
  { sequenceLength, validationShare }: RunConfig['data'],
): Parts {
  const options = planOptions(task, sequenceLength);
  if (options.calendar.length > 0 && !series.times)
    throw new ConfigError(
      phrase(
        'task.calendar: "{0}" has no time column. Name it in task.timeColumn, or remove task.calendar.',
        series.name,
      ),
      { fields: ['task.calendar', 'task.timeColumn'] },
    );
  const training = other ? series.stretches : trainStretches(series, 1 - validationShare);
  checkLength(series, training, sequenceLength + task.horizon);
  const plan = planForecast(series, training, options);
  if (options.isRecursive && !isClosed(plan))
    throw new ConfigError(
      phrase(
        'task.strategy: a recursive forecast reads its own forecasts, so every input must be forecast; inputs are {0}, forecast are {1}. Change task.inputs or task.column, or set it to "direct".',
        plan.inputs.join(', '),
        plan.targets.map(({ column }) => column).join(', '),
      ),
      { fields: ['task.strategy', 'task.inputs', 'task.column'] },
    );
  const train = prepareSeries(series, plan);
  const trainWindows = windowsIn(train, training, plan.outputSteps);
  checkWindows(trainWindows, series, training, plan);
  const prepared = other ? prepareSeries(other, plan) : train;
  const held = other ? other.stretches : stretchesAfter(series, 1 - validationShare);
  if (!other) checkHeldOut(series, held, plan);
  const windows = windowsIn(prepared, held, plan.horizon);
  checkWindows(windows, other ?? series, held, plan);
  return { plan, train, trainWindows, validation: { prepared, parts: held, windows } };
}

function checkLength({ name }: NumericSeries, training: readonly Stretch[], needed: number): void {
  const longest = Math.max(0, ...training.map(({ steps }) => steps));
  if (longest < needed)
    throw new InputError(
      'too-short',
      phrase(
        '"{0}" has {1} training steps; a window of data.sequenceLength and task.horizon takes {2}.',
        name,
        longest,
        needed,
      ),
      { fields: ['data.sequenceLength', 'task.horizon'] },
    );
}

function checkHeldOut({ name }: NumericSeries, held: readonly Stretch[], { horizon }: ForecastPlan): void {
  const longest = Math.max(0, ...held.map(({ steps }) => steps));
  if (longest >= horizon) return;
  throw new InputError(
    'too-short',
    phrase(
      'The validation part of "{0}" has {1} steps, fewer than task.horizon, {2}. Raise data.validationShare, or lower task.horizon.',
      name,
      longest,
      horizon,
    ),
    { fields: ['data.validationShare', 'task.horizon'] },
  );
}

function checkWindows(
  windows: readonly WindowAt[],
  { name }: NumericSeries,
  parts: readonly Stretch[],
  plan: ForecastPlan,
): void {
  if (windows.length > 0) return;
  const longest = Math.max(0, ...parts.map(({ steps }) => steps));
  throw new InputError(
    'too-short',
    phrase(
      '"{0}" is too short for a window of {1} steps: the longest part without a gap has {2}. Add rows, or lower data.sequenceLength or task.horizon.',
      name,
      plan.timeSteps + longestLag(plan) + plan.horizon,
      longest,
    ),
    { fields: ['data.sequenceLength', 'task.horizon'] },
  );
}

function factsOf(series: NumericSeries, { plan, trainWindows, validation }: Parts): Text[] {
  const groups = new Set(series.stretches.map(({ group }) => group)).size;
  const columns = plan.inputs.join(', ');
  const targets = plan.targets.map(({ column }) => column).join(', ');
  return [
    groups > 1
      ? phrase('{0} steps of {1} in {2} series', formatCount(series.steps), columns, groups)
      : phrase('{0} steps of {1}', formatCount(series.steps), columns),
    phrase('the next {0} of {1} from the {2} steps before', plan.horizon, targets, plan.timeSteps),
    phrase(
      '{0} windows for training, {1} for validation',
      formatCount(trainWindows.length),
      formatCount(validation.windows.length),
    ),
    ...plan.targets.map(({ column, transform }) => describeTransform(column, transform)),
    ...(plan.step ? [phrase('a step is {0}', describeStep(plan.step))] : []),
  ];
}

function describeTransform(column: string, { log, lag }: ForecastPlan['targets'][number]['transform']): Text {
  const of = log ? phrase('logarithms of {0}', column) : column;
  if (lag === 0) return log ? phrase('forecast as {0}', of) : phrase('{0} forecast as it is', of);
  return lag === 1
    ? phrase('{0} forecast as the change from the last value', of)
    : phrase('{0} forecast as the change from {1} steps before', of, lag);
}
