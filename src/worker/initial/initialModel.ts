import { join } from 'node:path';
import * as z from 'zod';
import { ConfigError } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import type { TaskName } from '../../config/task.ts';
import { tokensOf } from '../../config/tasks.ts';
import { formatCount } from '../../format/count.ts';
import { storedWeights } from '../../models/savedModel.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { disk, type Files } from '../../platform/files.ts';
import type { InitialWeights } from '../../protocol/initialWeights.ts';
import { writeFolderAtomic } from '../../runs/atomic.ts';
import { CheckedFolder, damagedModel, isDamage } from '../../runs/integrity.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import type { RunRecord } from '../../runs/record.ts';
import { hasModelFile, MODEL_FOLDER, noModel } from '../trainedModel.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/** The model that a run begins with, in place of random weights. */
export interface InitialModel {
  readonly facts: InitialWeights;
  readonly task: 'language-model' | 'classification';
  readonly weights: readonly NamedTensor[];
  /** Tokens by id. */
  readonly tokens: readonly string[];
  /** Names of its classes; empty if it has none. */
  readonly labels: readonly string[];
  /** The files in `model/` that make it, by name. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** Folder of a run with the model that it began with. */
const FOLDER = 'initial';
const FILES = ['model.json', 'weights.bin', 'task.json', 'vocabulary.json'] as const;

const vocabularyJson = z.union([
  z
    .object({ tokens: z.array(z.string()), marks: z.array(z.string()).default([]) })
    .transform(({ tokens, marks }) => [...tokens, ...marks]),
  z.object({ words: z.array(z.string()) }).transform(({ words }) => words),
]);
/** The facts of `task.json` that matter to a successor. */
const taskJson = z.object({
  task: z.enum(['language-model', 'classification']),
  labels: z.array(z.string()).default([]),
});

/** Fields of a configuration that the weights of a model determine. */
const FIXED = [
  ...(['family', 'cell', 'layers', 'units', 'bidirectional', 'bias', 'projection', 'activation'] as const),
  ...(['recurrence', 'resetAfter', 'embedding'] as const),
];

/** Tasks that can begin with the model of a task. */
const SUCCESSORS: Partial<Record<TaskName, readonly TaskName[]>> = {
  'language-model': ['language-model', 'classification'],
  classification: ['classification'],
};

/**
 * Reads the model of a run for another run to begin with.
 * @param extend whether a language model learns the new tokens of its text, or reads them as `<unk>`
 * @throws ConfigError that names the field if the configuration needs another model
 * @throws Error if the run has no model
 */
export async function readInitialModel(folder: string, extend: boolean, config: RunConfig): Promise<InitialModel> {
  const record = await readOwnRecord(folder);
  checkSuccessor(record, config);
  if (!(await hasModelFile(folder, 'model.json'))) throw noModel(folder, 'model.json');
  const model = await openChecked(join(folder, MODEL_FOLDER)).catch((error: unknown) => {
    throw isDamage(error) ? damagedModel(folder, error) : error;
  });
  const facts: InitialWeights = {
    run: record.id,
    step: record.progress.kept?.step ?? record.progress.step,
    extend,
  };
  return { facts, ...model };
}

/** The model that a stored run began with; undefined for random weights. @throws Error if its files are damaged */
export async function storedInitialModel(folder: string, { initial }: RunRecord): Promise<InitialModel | undefined> {
  if (!initial) return undefined;
  const model = await openChecked(join(folder, FOLDER));
  return { facts: initial, ...model };
}

/** `vocabulary.json` of the model that a stored run began with. @throws DamagedRunError if it differs from its hash */
export async function keptVocabulary(folder: string): Promise<unknown> {
  const kept = await CheckedFolder.open(join(folder, FOLDER), disk);
  return JSON.parse(new TextDecoder().decode(await kept.read('vocabulary.json')));
}

/** Keeps the model in the folder of the run that begins with it, so that the run can be resumed and repeated. */
export async function keepInitialModel(folder: string, { files }: InitialModel, store: Files): Promise<void> {
  await writeFolderAtomic(join(folder, FOLDER), files, store);
}

/** @throws DamagedRunError if a file differs from its hash */
async function openChecked(folder: string): ReturnType<typeof openModel> {
  const checked = await CheckedFolder.open(folder, disk);
  return openModel(async (name) => checked.read(name));
}

async function openModel(read: (name: string) => Promise<Uint8Array>): Promise<Omit<InitialModel, 'facts'>> {
  const decoder = new TextDecoder();
  const bytes = Object.fromEntries(await Promise.all(FILES.map(async (name) => [name, await read(name)] as const)));
  const text = (name: (typeof FILES)[number]) => decoder.decode(bytes[name]);
  const files = {
    'model.json': text('model.json'),
    'weights.bin': bytes['weights.bin'] ?? new Uint8Array(),
    'task.json': text('task.json'),
    'vocabulary.json': text('vocabulary.json'),
  };
  return {
    weights: storedWeights(files),
    tokens: vocabularyJson.parse(JSON.parse(files['vocabulary.json'])),
    ...taskJson.parse(JSON.parse(files['task.json'])),
    files,
  };
}

/** @throws ConfigError if a run cannot begin with the model of another one */
function checkSuccessor({ id, config: before }: RunRecord, config: RunConfig): void {
  const { name } = config.task;
  const successors = SUCCESSORS[before.task.name] ?? [];
  if (!successors.includes(name) || config.model.family !== 'recurrent' || before.model.family !== 'recurrent')
    throw new ConfigError(
      phrase(
        'task.name: a run of the task "{0}" cannot begin with the weights of {1}, which was trained for the task "{2}". Recurrent language models can be continued on another text or as classifiers, and recurrent classifiers as classifiers.',
        name,
        id,
        before.task.name,
      ),
      { fields: ['task.name'] },
    );
  for (const field of FIXED) {
    if (before.model[field] === config.model[field]) continue;
    throw new ConfigError(
      phrase(
        'model.{0}: {1} does not fit the weights of {2}, which has {3}. Leave the field as it is, or start without the weights.',
        field,
        String(config.model[field]),
        id,
        String(before.model[field]),
      ),
      { fields: [`model.${field}`] },
    );
  }
  const [own, theirs] = [tokensOf(config.task), tokensOf(before.task)];
  if (own !== theirs)
    throw new ConfigError(
      phrase(
        'task.tokens: "{0}" does not fit the weights of {1}, which reads tokens of the kind "{2}".',
        own,
        id,
        theirs,
      ),
      { fields: ['task.tokens'] },
    );
}

/** Says which tokens have weights of the initial model. */
export function describeInitial({ facts }: InitialModel, known: number, size: number): Text {
  const { run, step } = facts;
  const added = size - known;
  if (added === 0)
    return phrase('Begins with the weights of {0} after step {1}; all tokens are known to it.', run, formatCount(step));
  return phrase(
    'Begins with the weights of {0} after step {1}; {2} of {3} tokens are new and begin with random weights.',
    run,
    formatCount(step),
    formatCount(added),
    formatCount(size),
  );
}
