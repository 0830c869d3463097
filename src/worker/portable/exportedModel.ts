import * as z from 'zod';
import { FILE_FIELDS } from '../../config/fields.ts';
import { parseRunConfig, setField } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import type { TaskName } from '../../config/task.ts';
import { tasks } from '../../config/tasks.ts';
import { channelsOf, outputsOf } from '../../data/numeric/forecastPlan.ts';
import { storedPlanSchema } from '../../data/numeric/storedPlan.ts';
import { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import { WordVocabulary } from '../../data/words/vocabulary.ts';
import { checkSizes, type PortableModel, portableShape } from '../../interop/portable.ts';
import { ConditionedModel } from '../../models/conditioned/conditionedModel.ts';
import { EncoderDecoder } from '../../models/encoderDecoder/encoderDecoder.ts';
import { LanguageModel } from '../../models/languageModel.ts';
import { RecurrentClassifier } from '../../models/recurrentClassifier.ts';
import { parseFile } from '../../models/savedModel.ts';
import {
  savedConditionedModel,
  savedEncoderDecoder,
  savedLanguageModel,
  savedSequenceModel,
  savedStepwiseModel,
} from '../../models/savedModels.ts';
import { SequenceModel } from '../../models/sequenceModel.ts';
import { StepwiseModel } from '../../models/stepwiseModel.ts';
import { Tagger } from '../../models/tagger.ts';
import { textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { classifierTask, networkFiles } from '../tasks/classification/savedClassifier.ts';
import { taggerFiles } from '../tasks/tagging/savedTagger.ts';
import { textVocabularyOf } from '../trainedModel.ts';
import { filesWith, type ImportedModel, modelFields } from './importedModel.ts';

const TASK_NAMES = Object.keys(tasks) as [TaskName, ...TaskName[]];

/** `config.json` of an export: the structure of the model, its task, and the configuration of its run. */
export const exportedConfig = portableShape.extend({
  version: z.literal(1),
  task: z.enum(TASK_NAMES),
  /** Configuration of the run; absent in exports of earlier versions. */
  run: z.looseObject({}).optional(),
});

export type ExportedConfig = z.output<typeof exportedConfig>;

/** An exported model, and the files next to it. */
export interface ExportedModel extends PortableModel {
  readonly exported: ExportedConfig;
  /** Labels that replace the exported ones. */
  readonly labels: readonly string[] | undefined;
  /** Text of a file next to the weights. @throws UnusableError that names it if it is missing */
  readonly text: (name: string) => Promise<string>;
}

type Files = Pick<ImportedModel, 'files' | 'parameters'>;
type Kind = (model: ExportedModel, config: RunConfig) => Promise<Files>;

const sequenceTaskJson = z.object({ outputKind: z.enum(['class', 'number']) });
const taggingJson = z.object({ tags: z.array(z.string()) });
const labelsJson = z.object({ labels: z.array(z.string()).min(1) });
const LABELS_FILE = 'labels.json';

const pairs: Kind = async ({ shape, tensors, text, exported }, { model }) => {
  const kept = {
    'source-vocabulary.json': await text('source-vocabulary.json'),
    'target-vocabulary.json': await text('target-vocabulary.json'),
    'writing.json': await text('writing.json'),
  };
  fits(
    'source-vocabulary.json',
    MarkedVocabulary.fromJSON(JSON.parse(kept['source-vocabulary.json'])).size,
    shape.inputs,
  );
  fits(
    'target-vocabulary.json',
    MarkedVocabulary.fromJSON(JSON.parse(kept['target-vocabulary.json'])).size,
    shape.outputs,
  );
  const network = new EncoderDecoder({ ...model, sourceSize: shape.inputs, targetSize: shape.outputs, dropout: 0 });
  return filesWith(network, tensors, async () => ({
    ...(await savedEncoderDecoder.files(network, exported.task)),
    ...kept,
  }));
};

const sequences: Kind = async ({ shape, tensors, text, exported }, { model }) => {
  const { outputKind } = parseFile(sequenceTaskJson, await text('task.json'), 'task.json');
  const { inputs, outputs, inputKind } = shape;
  const network = new SequenceModel({ ...model, inputs, outputs, inputKind, outputKind, dropout: 0 });
  return filesWith(network, tensors, async () => ({ ...(await savedSequenceModel.files(network, exported.task)) }));
};

const steps: Kind = async ({ shape: { inputs, outputs }, tensors, exported }, { model }) => {
  const network = new StepwiseModel({ ...model, inputs, outputs, dropout: 0 });
  return filesWith(network, tensors, async () => ({ ...(await savedStepwiseModel.files(network, exported.task)) }));
};

/** The files of `model/` of an exported run, by its task. */
const KINDS: Readonly<Record<TaskName, Kind>> = {
  async 'language-model'({ shape, tensors, text }, { model }) {
    const vocabulary = textVocabularyOf(JSON.parse(await text('vocabulary.json')));
    fits('vocabulary.json', vocabulary.size, shape.inputs);
    const network = new LanguageModel({ ...model, vocabularySize: shape.inputs, dropout: 0 });
    return filesWith(network, tensors, async () => ({
      ...(await savedLanguageModel.files(network, 'language-model')),
      'vocabulary.json': JSON.stringify(vocabulary),
    }));
  },
  async classification({ shape, tensors, text, labels: given }, config) {
    const { labels: own, thresholds } = parseFile(classifierTask, await text('task.json'), 'task.json');
    const labels = given ?? own;
    const vocabulary = WordVocabulary.fromJSON(JSON.parse(await text('vocabulary.json')));
    fits('vocabulary.json', vocabulary.size, shape.inputs);
    countsLabels(labels.length, shape.outputs);
    const sizes = { vocabularySize: shape.inputs, classes: shape.outputs, dropout: 0 };
    const network = new RecurrentClassifier({ ...config.model, ...sizes });
    return filesWith(network, tensors, () => networkFiles(network, vocabulary, labels, config, thresholds));
  },
  async tagging({ shape, tensors, text, labels: given }, { model }) {
    const tags = given ?? parseFile(taggingJson, await text('task.json'), 'task.json').tags;
    const vocabulary = WordVocabulary.fromJSON(JSON.parse(await text('vocabulary.json')));
    fits('vocabulary.json', vocabulary.size, shape.inputs);
    countsLabels(tags.length, shape.outputs);
    const network = new Tagger({ ...model, vocabularySize: shape.inputs, tags: shape.outputs, dropout: 0 });
    return filesWith(network, tensors, () => taggerFiles(network, vocabulary, tags));
  },
  'sequence-to-sequence': pairs,
  dates: pairs,
  reversing: pairs,
  async forecasting({ shape, tensors, text }, { model }) {
    const series = await text('series.json');
    const plan = parseFile(storedPlanSchema, series, 'series.json');
    fits('series.json', channelsOf(plan), shape.inputs);
    fits('series.json', outputsOf(plan), shape.outputs);
    const { inputs, outputs } = shape;
    const network = new SequenceModel({
      ...model,
      ...{ inputs, outputs, inputKind: 'vectors', outputKind: 'number', dropout: 0 },
    });
    return filesWith(network, tensors, async () => ({
      ...(await savedSequenceModel.files(network, 'forecasting')),
      'series.json': JSON.stringify(plan),
    }));
  },
  'temporal-order': sequences,
  adding: sequences,
  recall: sequences,
  copying: steps,
  counting: steps,
  async 'conditioned-generation'({ shape, tensors, text }, { model }) {
    const kept = { 'vocabulary.json': await text('vocabulary.json'), [LABELS_FILE]: await text(LABELS_FILE) };
    fits('vocabulary.json', MarkedVocabulary.fromJSON(JSON.parse(kept['vocabulary.json'])).size, shape.inputs);
    countsLabels(parseFile(labelsJson, await text(LABELS_FILE), LABELS_FILE).labels.length, shape.labels);
    const sizes = { vocabularySize: shape.inputs, labels: shape.labels, dropout: 0, bidirectional: false };
    const network = new ConditionedModel({ ...model, ...sizes });
    return filesWith(network, tensors, async () => ({
      ...(await savedConditionedModel.files(network, 'conditioned-generation')),
      ...kept,
    }));
  },
};

/**
 * A model that this product has exported, as the run that it comes from.
 * @throws UnusableError for files next to it that are missing, damaged or of another model
 */
export async function exportedModel(model: ExportedModel): Promise<ImportedModel> {
  const { exported, labels } = model;
  const { task } = exported;
  if (labels && task !== 'classification' && task !== 'tagging')
    throw new UnusableError(phrase('A model of the task "{0}" has no labels to be named. Omit them.', task));
  try {
    checkSizes(model);
    const config = await configOf(model);
    return { config, ...(await KINDS[task](model, config)) };
  } catch (error) {
    if (error instanceof UnusableError) throw error;
    throw new UnusableError(
      phrase('The weights, config.json and the files next to it do not fit each other. {0}', textOf(error)),
      {
        cause: error,
      },
    );
  }
}

/** The configuration of the run, with the structure of the weights, and without files, which are those of another folder. */
async function configOf({ exported, shape, text }: ExportedModel): Promise<RunConfig> {
  const own = { ...modelFields(shape), bidirectional: shape.bidirectional };
  const structure = { ...own, pooling: shape.pooling, attention: shape.attention };
  const { run = await earlierRun(exported.task, text) } = exported;
  let config: RunConfig = parseRunConfig(run);
  if (config.task.name !== exported.task)
    throw new UnusableError(phrase('config.json names two tasks, "{0}" and "{1}".', exported.task, config.task.name));
  for (const path of FILE_FIELDS) {
    const changed: unknown = hasText(config, path) ? setField(config, path, '') : config;
    config = parseRunConfig(changed);
  }
  return parseRunConfig({ ...config, model: { ...config.model, ...structure } });
}

function hasText(config: object, path: string): boolean {
  const value = path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
          ? (inner as Readonly<Record<string, unknown>>)[key]
          : undefined,
      config,
    );
  return typeof value === 'string' && value !== '';
}

/** What an export of an earlier version says of its run: how a classifier reads texts. */
async function earlierRun(task: TaskName, text: ExportedModel['text']): Promise<object> {
  if (task === 'language-model') {
    const { granularity } = textVocabularyOf(JSON.parse(await text('vocabulary.json')));
    return { task: { name: task, tokens: granularity } };
  }
  if (task !== 'classification') return { task: { name: task } };
  const saved = parseFile(classifierTask, await text('task.json'), 'task.json');
  const { tokens, wordRules, lowerCase, stripAccents, maximumLength } = saved;
  return { task: { name: task, tokens, wordRules, lowerCase, stripAccents, maximumLength } };
}

/** @throws UnusableError if a file lists more or fewer entries than the model has weights for */
function fits(name: string, listed: number, needed: number): void {
  if (listed !== needed)
    throw new UnusableError(phrase('{0} is for {1} inputs or outputs, and the weights for {2}.', name, listed, needed));
}

function countsLabels(labels: number, outputs: number): void {
  if (labels !== outputs)
    throw new UnusableError(phrase('There are {0} labels, and the model has {1} outputs.', labels, outputs));
}
