import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tasks } from '../config/tasks.ts';
import { Vocabulary } from '../data/vocabulary.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import { loadLanguageModel } from '../models/savedLanguageModel.ts';
import { recoverFolder, writeFolderAtomic } from '../runs/atomic.ts';
import type { RunRecord } from '../runs/record.ts';
import type { TrainingTask } from '../training/trainingTask.ts';

/** A model and the vocabulary that it reads and writes in. */
export interface TrainedModel {
  readonly model: LanguageModel;
  readonly vocabulary: Vocabulary;
}

/** Writes `model/` of a run: what its task saves, a standard TensorFlow.js LayersModel with `task.json` among it. */
export async function saveTrainedModel(runFolder: string, task: TrainingTask): Promise<void> {
  await writeFolderAtomic(join(runFolder, 'model'), await task.modelFiles());
}

/**
 * Checks that a run's model is one of language.
 * @param purpose what it is wanted for, such as "write"
 * @throws Error that names the task it was trained for
 */
export function requireLanguageModel({ id, config }: RunRecord, purpose: string): void {
  if (config.task.name === 'language-model') return;
  throw new Error(`The run ${id} was trained for the task "${tasks[config.task.name].title}": it has no language model to ${purpose} with.`);
}

/**
 * Reads `model/` of a language model's run onto the backend that is set.
 * @throws Error that says what is missing or damaged
 */
export async function loadTrainedModel(runFolder: string): Promise<TrainedModel> {
  const folder = join(runFolder, 'model');
  const read = async (name: string) =>
    readFile(join(folder, name)).catch((error: unknown) => {
      throw new Error(`The run ${runFolder} has no saved model yet (${name} is missing). Train it for longer first.`, {
        cause: error,
      });
    });
  const [modelJson, weights, task, vocabulary] = await Promise.all(
    ['model.json', 'weights.bin', 'task.json', 'vocabulary.json'].map(read),
  );
  const model = loadLanguageModel({
    'model.json': String(modelJson),
    'weights.bin': new Uint8Array(weights ?? []),
    'task.json': String(task),
  });
  return { model, vocabulary: Vocabulary.fromJSON(JSON.parse(String(vocabulary))) };
}

/** Puts back a saved model that a crash has left half replaced. Call it holding the run's lock. */
export async function recoverTrainedModel(runFolder: string): Promise<void> {
  await recoverFolder(join(runFolder, 'model'));
}
