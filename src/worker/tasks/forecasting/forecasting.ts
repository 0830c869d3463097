import { ConfigError } from '../../../config/parse.ts';
import type { ModelConfig, RunConfig } from '../../../config/schema.ts';
import type { TaskConfig } from '../../../config/task.ts';
import { InputError } from '../../../data/inputError.ts';
import { type NumericSeries, readSeries } from '../../../data/numeric/readSeries.ts';
import {
  allWindows,
  seriesBaselines,
  SeriesWindows,
  windowCount,
  type WindowShape,
} from '../../../data/numeric/seriesWindows.ts';
import { fitStandardizer, type Standardizer, standardized } from '../../../data/numeric/standardizer.ts';
import { formatCount } from '../../../format/count.ts';
import { savedSequenceModel } from '../../../models/savedModels.ts';
import { SequenceModel } from '../../../models/sequenceModel.ts';
import { Generator } from '../../../random/generator.ts';
import { probedSequenceModel } from '../../../training/probedSequenceModel.ts';
import { sequenceLoss } from '../../../training/sequenceLoss.ts';
import { scoreSequences } from '../../../training/sequenceScoring.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import type { TrainingTask } from '../../../training/trainingTask.ts';
import { type DataFiles, fromFiles } from '../dataFiles.ts';
import { networkTask } from '../networkTask.ts';
import type { LoadedTask, TaskKind } from '../taskKind.ts';
import { type ForecastPart, forecastReport } from './forecastReport.ts';
import { openForecaster } from './storedForecaster.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';

type ForecastingConfig = Extract<TaskConfig, { name: 'forecasting' }>;

/** Forecasts the next values of a series of numbers from the previous ones. */
export const forecasting: TaskKind = {
  ...fromFiles(loaded),
  open: openForecaster,
  timedLoop({ model: config, inputs, outputs = 1, timeSteps, batchSize }) {
    const shape = { timeSteps, channels: inputs, target: 0, horizon: outputs };
    const model = newModel(shape, config, Generator.forPurpose(1, 'measured masks'));
    model.initialize(Generator.forPurpose(1, 'measure'), config);
    const values = Float32Array.from({ length: (timeSteps + outputs + batchSize) * inputs }, (_, at) => Math.sin(at));
    return new SequenceTrainer(model, new SeriesWindows(values, shape, { batchSize, seed: 1 }), (batch, options) =>
      sequenceLoss(model, batch, options),
    );
  },
};

/** The parts of the series, standardized by the first. */
interface Parts {
  readonly standardizer: Standardizer;
  readonly shape: WindowShape;
  readonly train: Float32Array;
  /** Its windows have their targets in the validation part; their inputs may be before it. */
  readonly validation: ForecastPart;
}

async function loaded(files: DataFiles, config: RunConfig, { name }: { name: string }): Promise<LoadedTask> {
  const { task, data, model, training } = config;
  if (task.name !== 'forecasting') throw new Error(`The task ${task.name} does not forecast.`);
  const series = await readSeries(files.train, { missing: task.missing });
  const other = files.validation && (await readSeries(files.validation, { missing: task.missing }));
  const parts = partsOf(series, other, task, data);
  const { shape, train } = parts;
  const validation = parts.validation.windows;
  const { timeSteps, channels, horizon, target } = shape;
  const windows = windowCount(train.length / channels, shape);
  const batchSize = Math.min(training.batchSize, windows);
  return {
    name,
    batchSize,
    shape: { task: task.name, model, timeSteps, batchSize, inputs: channels, outputs: horizon },
    text: null,
    facts: [
      phrase('{0} steps of {1}', formatCount(series.steps), series.columns.join(', ')),
      phrase('the next {0} of {1} from the {2} steps before', horizon, series.columns[target] ?? '', timeSteps),
      phrase(
        '{0} windows for training, {1} for validation',
        formatCount(windows),
        formatCount(validation.reduce((sum, { batch }) => sum + batch, 0)),
      ),
    ],
    notices: [...noticesOf(series), ...(other ? noticesOf(other) : [])],
    baselines: async () => seriesBaselines(validation, shape),
    create: () => create(parts, { ...config, training: { ...training, batchSize } }),
  };
}

function create(
  { standardizer, shape, train, validation }: Parts,
  { model: config, training, seed }: RunConfig,
): TrainingTask {
  const model = newModel(shape, config, Generator.forPurpose(seed, 'dropout'));
  const windows = new SeriesWindows(train, shape, { batchSize: training.batchSize, seed });
  const loop = new SequenceTrainer(model, windows, (batch, options) => sequenceLoss(model, batch, options), training);
  return {
    ...networkTask(model, loop, { model: config, seed }),
    validate: async (yieldNow) => scoreSequences(model, validation.windows, yieldNow),
    report: async (yieldNow) => forecastReport(model, validation, train, shape, standardizer, yieldNow),
    modelFiles: async () => ({
      ...(await savedSequenceModel.files(model, 'forecasting')),
      'series.json': JSON.stringify({ version: 1, ...standardizer, ...shape }),
    }),
    ...(validation.windows[0] && { probed: probedSequenceModel(model, validation.windows[0]) }),
  };
}

function newModel({ channels, horizon }: WindowShape, config: ModelConfig, masks: Generator): SequenceModel {
  return new SequenceModel(
    { ...config, inputs: channels, inputKind: 'vectors', outputs: horizon, outputKind: 'number' },
    masks,
  );
}

/** Splits a series in time, and fits the scale to the training part only. */
function partsOf(
  series: NumericSeries,
  other: NumericSeries | undefined,
  { column, horizon }: ForecastingConfig,
  { sequenceLength, validationShare }: RunConfig['data'],
): Parts {
  const channels = series.columns.length;
  const target = column === '' ? channels - 1 : series.columns.indexOf(column);
  if (target < 0)
    throw new ConfigError(
      phrase(
        'task.column: "{0}" has no column of numbers "{1}"; it has {2}.',
        series.name,
        column,
        series.columns.join(', '),
      ),
      { fields: ['task.column'] },
    );
  const shape = { timeSteps: sequenceLength, channels, target, horizon };
  const trainSteps = other ? series.steps : Math.floor((1 - validationShare) * series.steps);
  const needed = sequenceLength + horizon;
  if (trainSteps < needed) {
    throw new InputError(
      'too-short',
      phrase(
        '"{0}" has {1} training steps; a window of data.sequenceLength and task.horizon takes {2}.',
        series.name,
        trainSteps,
        needed,
      ),
    );
  }
  const standardizer = fitStandardizer(series, trainSteps);
  const all = standardized(standardizer, series);
  const partFrom = (values: Float32Array, firstRow: number, name: string): ForecastPart => ({
    values,
    firstRow,
    windows: allWindows(values, shape, name),
  });
  // The first validation window reads the last steps of the training part.
  const firstStep = trainSteps - sequenceLength;
  return {
    standardizer,
    shape,
    train: all.subarray(0, trainSteps * channels),
    validation: other
      ? partFrom(standardized(standardizer, other), 1, other.name)
      : partFrom(all.subarray(firstStep * channels), firstStep + 1, series.name),
  };
}

function noticesOf({ name, problems, others }: NumericSeries): Text[] {
  const [first] = problems;
  const notices =
    others.length > 0 ? [phrase('Columns of "{0}" without numbers were skipped: {1}.', name, others.join(', '))] : [];
  return first
    ? [
        ...notices,
        phrase(
          '{0} rows of "{1}" are incomplete. The first is line {2}: {3}.',
          formatCount(problems.length),
          name,
          first.line,
          first.reason,
        ),
      ]
    : notices;
}
