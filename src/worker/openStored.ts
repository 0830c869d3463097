import { join } from 'node:path';
import { ConfigError } from '../config/parse.ts';
import { InputError } from '../data/inputError.ts';
import { disk, exists } from '../platform/files.ts';
import { CheckedFolder, damagedModel, DamagedRunError, isDamage } from '../runs/integrity.ts';
import { lockHolder } from '../runs/lock.ts';
import type { RunRecord } from '../runs/record.ts';
import { taskKinds } from './tasks/registry.ts';
import type { StoredModel } from './tasks/storedModel.ts';
import { MODEL_FOLDER, noModel } from './trainedModel.ts';
import { phrase } from '../phrases/phrase.ts';

/** Milliseconds in which a run that is training has replaced its model. */
const REPLACEMENT = 500;

/**
 * Loads the saved model of a run on the current backend. Each file that it reads is compared with its hash.
 * @throws DamagedRunError that says how to restore the model
 * @throws Error if the run has no saved model yet
 */
export async function openStored(folder: string, record: RunRecord): Promise<StoredModel> {
  return openChecked(folder, async () => taskKinds[record.config.task.name].open(folder, record));
}

/**
 * Opens the saved model of a run.
 * @param open reads its files, each of which is compared with its hash
 * @throws DamagedRunError that says how to restore the model
 * @throws Error if the run has no saved model yet
 */
export async function openChecked<Model>(folder: string, open: () => Promise<Model>): Promise<Model> {
  try {
    return await openOnce(folder, open);
  } catch (error) {
    // A trainer may have replaced the model between two files.
    if (!(error instanceof DamagedRunError) || (await lockHolder(folder)) === undefined) throw error;
    await new Promise((resolve) => setTimeout(resolve, REPLACEMENT));
    return openOnce(folder, open);
  }
}

async function openOnce<Model>(folder: string, open: () => Promise<Model>): Promise<Model> {
  await assertInPlace(folder);
  try {
    return await open();
  } catch (error) {
    // Others say what is wrong with the data or the configuration, such as a missing file of word vectors.
    if (error instanceof InputError || error instanceof ConfigError || !isDamage(error)) throw error;
    throw damagedModel(folder, error);
  }
}

/**
 * Compares the files of a saved model with their hashes.
 * @returns false in a run of an earlier version, which has none
 * @throws DamagedRunError that says how to restore the model
 * @throws Error if the run has no saved model yet
 */
export async function checkModel(folder: string): Promise<boolean> {
  await assertInPlace(folder);
  try {
    const model = await CheckedFolder.open(join(folder, MODEL_FOLDER), disk);
    await model.check();
    return model.hasManifest;
  } catch (error) {
    throw isDamage(error) ? damagedModel(folder, error) : error;
  }
}

/** @throws Error if a run has no saved model yet, or a crash has left it under another name */
async function assertInPlace(folder: string): Promise<void> {
  const path = join(folder, MODEL_FOLDER);
  if (await exists(path)) return;
  if (!(await exists(`${path}.old`)) && !(await exists(`${path}.new`))) throw noModel(folder, MODEL_FOLDER);
  throw damagedModel(folder, new DamagedRunError(phrase('{0} is half replaced.', path)));
}
