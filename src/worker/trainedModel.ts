import { join } from 'node:path';
import type { TextVocabulary } from '../data/textVocabulary.ts';
import { TokenizerVocabulary } from '../data/tokenizers/tokenizerVocabulary.ts';
import { Vocabulary } from '../data/vocabulary.ts';
import { TextWordVocabulary } from '../data/words/textWordVocabulary.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import { savedLanguageModel } from '../models/savedModels.ts';
import { type ModelFiles, storedWeights } from '../models/savedModel.ts';
import type { NamedTensor } from '../models/weights.ts';
import { disk, exists, type Files, isMissing } from '../platform/files.ts';
import { recoverFolder, writeFolderAtomic } from '../runs/atomic.ts';
import { CheckedFolder, DamagedRunError } from '../runs/integrity.ts';
import type { TrainingTask } from '../training/trainingTask.ts';
import { textOf, UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';

/** Folder of a run with its trained model. */
export const MODEL_FOLDER = 'model';

/** The files of a trained model, by name. */
export type TrainedModelFiles = Awaited<ReturnType<TrainingTask['modelFiles']>>;

/** A model and its vocabulary. */
export interface TrainedModel {
  readonly model: LanguageModel;
  readonly vocabulary: TextVocabulary;
}

/**
 * Writes `model/` of a run: the files of its task, including a standard TensorFlow.js LayersModel and `task.json`.
 * @throws UnusableError for weights that are not finite, which never replace a model
 */
export async function saveTrainedModel(runFolder: string, model: TrainedModelFiles, files: Files): Promise<void> {
  if (!hasFiniteWeights(model)) {
    throw new UnusableError(
      phrase('Weights of the run {0} are not finite. The saved model of an earlier step is kept.', runFolder),
    );
  }
  await writeFolderAtomic(join(runFolder, MODEL_FOLDER), model, files);
}

function hasFiniteWeights({ 'weights.bin': bytes }: TrainedModelFiles): boolean {
  if (bytes === undefined || typeof bytes === 'string') return true;
  const weights = new Float32Array(new Uint8Array(bytes).buffer);
  return weights.every((weight) => Number.isFinite(weight));
}

/**
 * Loads `model/` of a language model's run on the current backend.
 * @throws Error that describes what is missing or damaged
 */
export async function loadTrainedModel(runFolder: string): Promise<TrainedModel> {
  const model = savedLanguageModel.load(await readModelFiles(runFolder));
  const json = await readModelJson(runFolder, 'vocabulary.json');
  const vocabulary = textVocabularyOf(json);
  assertFits('vocabulary.json', vocabulary.size, model.shape.vocabularySize);
  return { model, vocabulary };
}

/** The vocabulary of a language model. @throws Error that describes what is invalid */
export function textVocabularyOf(json: unknown): TextVocabulary {
  const kind = [TextWordVocabulary, TokenizerVocabulary].find((each) => each.isJson(json)) ?? Vocabulary;
  return kind.fromJSON(json);
}

/**
 * The weights in `model/` of a run of any task, by name.
 * @throws Error that describes what is missing or damaged
 */
export async function storedModelWeights(runFolder: string): Promise<NamedTensor[]> {
  return storedWeights(await readModelFiles(runFolder));
}

/** The files of a model that TensorFlow.js can read. @throws Error that names a missing file */
export async function readModelFiles(runFolder: string): Promise<ModelFiles> {
  return {
    'model.json': await readModelText(runFolder, 'model.json'),
    'weights.bin': new Uint8Array(await readModelFile(runFolder, 'weights.bin')),
    'task.json': await readModelText(runFolder, 'task.json'),
  };
}

/** @throws UnusableError if a file of a model lists more or fewer tokens than the model has weights for */
export function assertFits(name: string, listed: number, needed: number): void {
  if (listed === needed) return;
  throw new UnusableError(phrase('{0} lists {1} tokens, and the weights are for {2}.', name, listed, needed));
}

/** Whether `model/` of a run has a file. */
export async function hasModelFile(runFolder: string, name: string): Promise<boolean> {
  return exists(join(runFolder, MODEL_FOLDER, name));
}

/** @throws Error if the run has no such file */
export async function readModelText(runFolder: string, name: string): Promise<string> {
  return new TextDecoder().decode(await readModelFile(runFolder, name));
}

/** @throws Error if the run has no such file, or it is not JSON */
export async function readModelJson(runFolder: string, name: string): Promise<unknown> {
  const text = await readModelText(runFolder, name);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnusableError(phrase('{0} is damaged. {1}', join(runFolder, 'model', name), textOf(error)), {
      cause: error,
    });
  }
}

/**
 * Reads a file of a model, and compares what was read with its hash.
 * @throws DamagedRunError if it is damaged
 * @throws Error if the run has no such file
 */
export async function readModelFile(runFolder: string, name: string): Promise<Uint8Array> {
  const model = await CheckedFolder.open(join(runFolder, MODEL_FOLDER), disk);
  return model.read(name).catch((error: unknown) => {
    // A model of an earlier version has no list of its files.
    if (error instanceof Error && isMissing(error.cause) && !model.hasManifest) throw noModel(runFolder, name, error);
    if (error instanceof DamagedRunError) throw error;
    throw new UnusableError(phrase('The model of the run {0} cannot be read. {1}', runFolder, textOf(error)), {
      cause: error,
    });
  });
}

export function noModel(runFolder: string, missing: string, cause?: unknown): UnusableError {
  return new UnusableError(
    phrase('The run {0} has no saved model yet ({1} is missing). Train it for longer first.', runFolder, missing),
    { cause },
  );
}

/** Restores a saved model that a crash has left half replaced. The caller holds the run's lock. */
export async function recoverTrainedModel(runFolder: string, files: Files): Promise<void> {
  await recoverFolder(join(runFolder, MODEL_FOLDER), files);
}
