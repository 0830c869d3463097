import type { RunConfig, RunConfigInput } from '../config/schema.ts';
import { parseRunConfig } from '../config/parse.ts';
import { seriesColumnFields } from '../config/seriesColumns.ts';
import type { ColumnRole, DataInspection } from './dataInspection.ts';

/** Values for classification, tagging and sequence-to-sequence; the settings are meant for a language model. */
const BATCH = 32;
const LEARNING_RATE = 0.002;
const EMBEDDING = 100;
/** Passes over the training data, within limits on the number of steps that keep the run short. */
const EPOCHS = 8;
const [MIN_STEPS, MAX_STEPS] = [300, 4000];
const VALIDATIONS = 12;
const UNBALANCED = 3;

/**
 * Configuration for training on an inspected data set: the settings with the detected task, the chosen columns, and
 * values that suit the task. Fields of the task in the settings are kept if they are for the same task.
 * @throws ConfigError for a task that this version does not know
 */
export function trainingFor(inspection: DataInspection, settings: RunConfig): RunConfig {
  const { task, parts, lengths } = inspection;
  const own = settings.task.name === task ? settings.task : undefined;
  const data = { ...settings.data, ...inspection.reading, train: '', validation: parts.validationFile ?? '' };
  if (task === 'language-model')
    return {
      ...settings,
      task: own ?? parseRunConfig({ task: { name: task } }).task,
      data: { ...data, validation: '' },
    };
  const steps = Math.min(Math.max(Math.ceil((EPOCHS * parts.train) / BATCH), MIN_STEPS), MAX_STEPS);
  const every = Math.max(1, Math.round(steps / VALIDATIONS));
  const input: RunConfigInput = {
    ...settings,
    task: {
      ...(own ?? detectedFields(inspection)),
      ...columnFields(inspection),
      ...inspection.fields,
    } as RunConfigInput['task'],
    data,
    model: {
      ...settings.model,
      family: 'recurrent',
      bidirectional: task !== 'sequence-to-sequence' && task !== 'forecasting',
      embedding: settings.model.embedding === 0 && lengths?.unit === 'word' ? EMBEDDING : settings.model.embedding,
    },
    training: {
      ...settings.training,
      batchSize: BATCH,
      learningRate: LEARNING_RATE,
      steps,
      validateEvery: every,
      checkpointEvery: every,
    },
    probes: { every },
  };
  return parseRunConfig(input);
}

/** The task that was detected, with fields that suit the data. Parsing the configuration reports an unknown task. */
function detectedFields({ task: name, lengths, labels, labelSeparator }: DataInspection): object {
  const tokens = lengths?.unit ?? 'word';
  if (name === 'sequence-to-sequence') return { name, tokens };
  if (name !== 'classification') return { name };
  const classWeights = areUnbalanced(labels) && labelSeparator === undefined ? 'balanced' : 'none';
  return { name, tokens, classWeights, ...(labelSeparator !== undefined && { labelSeparator }) };
}

/** The fields of the task that name its columns. */
function columnFields({ task, columns, kind }: DataInspection): object {
  const at = (role: ColumnRole) => columns.findIndex((column) => column.role === role) + 1;
  const named = (role: ColumnRole) => (at(role) === 0 ? '' : String(at(role)));
  if (task === 'forecasting') return seriesColumnFields(columns);
  if (task === 'tagging') return { wordColumn: at('word'), tagColumn: at('tag') };
  if (task === 'sequence-to-sequence') return { sourceColumn: named('source'), targetColumn: named('target') };
  if (kind !== 'table') return {};
  return { textColumn: named('text'), labelColumn: named('label'), groupColumn: named('group') };
}

/**
 * True if the most frequent label is so much more frequent than the rarest that a model might never predict the rarest.
 */
function areUnbalanced(labels: DataInspection['labels']): boolean {
  const [most] = labels;
  const least = labels.at(-1);
  return most !== undefined && least !== undefined && most.train > UNBALANCED * least.train;
}
