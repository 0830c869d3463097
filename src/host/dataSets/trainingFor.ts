import type { RunConfig, RunConfigInput } from '../../config/schema.ts';
import { parseRunConfig } from '../../config/parse.ts';
import type { ColumnRole, DataInspection } from '../../protocol/dataInspection.ts';

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
 * values that suit the task.
 * @throws ConfigError for a task that this version does not know
 */
export function trainingFor(inspection: DataInspection, settings: RunConfig): RunConfig {
  const { task, parts, lengths } = inspection;
  const data = { ...settings.data, ...inspection.reading, train: '', validation: parts.validationFile ?? '' };
  if (task === 'language-model')
    return { ...settings, task: parseRunConfig({ task: { name: task } }).task, data: { ...data, validation: '' } };
  const steps = Math.min(Math.max(Math.ceil((EPOCHS * parts.train) / BATCH), MIN_STEPS), MAX_STEPS);
  const every = Math.max(1, Math.round(steps / VALIDATIONS));
  const input: RunConfigInput = {
    ...settings,
    task: taskFor(inspection),
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

function taskFor({ task, columns, kind, lengths, labels, labelSeparator }: DataInspection): RunConfigInput['task'] {
  const at = (role: ColumnRole) => columns.findIndex((column) => column.role === role) + 1;
  const tokens = lengths?.unit ?? 'word';
  if (task === 'forecasting') return { name: task, ...inputsOf(columns) };
  if (task === 'tagging') return { name: 'tagging', wordColumn: at('word'), tagColumn: at('tag') };
  // Parsing the configuration reports an unknown task.
  const wanted: object =
    task === 'sequence-to-sequence'
      ? { name: task, sourceColumn: String(at('source')), targetColumn: String(at('target')), tokens }
      : {
          name: task,
          tokens,
          classWeights: areUnbalanced(labels) && labelSeparator === undefined ? 'balanced' : 'none',
          ...(task === 'classification' && labelSeparator !== undefined && { labelSeparator }),
          ...(kind === 'table' && { textColumn: String(at('text')), labelColumn: String(at('label')) }),
        };
  return wanted as RunConfigInput['task'];
}

/** The columns that the user has chosen to read, if they are not those that training chooses. */
function inputsOf(columns: DataInspection['columns']): { readonly inputs?: string } {
  const isNumber = (type: string) => type === 'number' || type === 'integer';
  if (columns.every(({ role, type }) => (role === 'value') === isNumber(type))) return {};
  return { inputs: columns.flatMap(({ role }, at) => (role === 'value' ? [String(at + 1)] : [])).join(',') };
}

/**
 * True if the most frequent label is so much more frequent than the rarest that a model might never predict the rarest.
 */
function areUnbalanced(labels: DataInspection['labels']): boolean {
  const [most] = labels;
  const least = labels.at(-1);
  return most !== undefined && least !== undefined && most.train > UNBALANCED * least.train;
}
