import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Vocabulary } from '../data/vocabulary.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import { loadModel, modelFiles } from '../models/savedModel.ts';
import { recoverFolder, writeFolderAtomic } from '../runs/atomic.ts';

/** A model and the vocabulary that it reads and writes in. */
export interface TrainedModel {
  readonly model: LanguageModel;
  readonly vocabulary: Vocabulary;
}

/** Writes `model/` of a run: a standard TensorFlow.js LayersModel, `vocabulary.json` and `task.json`. */
export async function saveTrainedModel(runFolder: string, { model, vocabulary }: TrainedModel): Promise<void> {
  await writeFolderAtomic(join(runFolder, 'model'), {
    ...(await modelFiles(model)),
    'vocabulary.json': JSON.stringify(vocabulary),
  });
}

/**
 * Reads `model/` of a run onto the backend that is set.
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
  const model = loadModel({
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
