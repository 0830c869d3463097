import { disk, type Files } from '../platform/files.ts';
import type { BackendOptions } from '../protocol/trainer.ts';
import { Checkpoints } from '../runs/checkpoints.ts';
import { DamagedRunError, isDamage } from '../runs/integrity.ts';
import { RunLock } from '../runs/lock.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { type RunRecord, writeRecord } from '../runs/record.ts';
import { reloadBackend } from './chooseBackend.ts';
import { checkModel } from './openStored.ts';
import { cleanUpOnError, noCheckpoint, restoreLatest } from './prepare.ts';
import { type CheckpointState, checkpointStateSchema } from './progress.ts';
import { taskKinds } from './tasks/registry.ts';
import { recoverTrainedModel, saveTrainedModel } from './trainedModel.ts';
import { UnusableError } from '../phrases/causes.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

/**
 * Restores the saved model of a run from its newest whole checkpoint, if it is damaged or missing.
 * @returns what was done
 * @throws RunLockedError while a process trains the run
 * @throws DamagedRunError if no checkpoint is whole
 * @throws UnusableError if the model was imported
 * @throws InputError if the data of the run is missing or has changed
 */
export async function restoreModel(
  { folder, backends }: { readonly folder: string; readonly backends: BackendOptions },
  files: Files = disk,
): Promise<Text> {
  await readOwnRecord(folder, files);
  return cleanUpOnError(async (onEnd) => {
    const lock = await RunLock.acquire(folder, files);
    onEnd(() => lock.release());
    // A trainer may have written it while the lock was awaited.
    const record = await readOwnRecord(folder, files);
    await recoverTrainedModel(folder, files);
    const done = (await isWhole(folder))
      ? phrase('The model of the run {0} is whole.', folder)
      : await restore(folder, record, backends, files);
    await lock.release();
    return done;
  });
}

async function isWhole(folder: string): Promise<boolean> {
  // Without hashes, damage cannot be seen: the model is written again.
  return checkModel(folder).catch((error: unknown) => {
    if (isDamage(error)) return false;
    throw error;
  });
}

async function restore(folder: string, record: RunRecord, backends: BackendOptions, files: Files): Promise<Text> {
  if (record.state === 'imported')
    throw new UnusableError(
      phrase(
        'The model of the run {0} was imported, so that the run has no checkpoint to restore it from. Import it again; the notices of the run name its file.',
        folder,
      ),
    );
  const checkpoints = new Checkpoints(folder, checkpointStateSchema, files);
  const loaded = await taskKinds[record.config.task.name].reload(folder, record);
  await reloadBackend(record.backend, backends);
  const task = loaded.create();
  try {
    const restored = await restoreLatest(folder, checkpoints, task);
    if (!restored) throw noCheckpoint(folder);
    const { checkpoint, notices } = restored;
    if (checkpoint.step === 0)
      throw new DamagedRunError(
        phrase('The run {0} has no checkpoint of a trained model. Resume it, or start a new run.', folder),
      );
    await saveTrainedModel(folder, checkpoint.keptModel ?? (await task.modelFiles()), files);
    const kept = keptIn(checkpoint);
    const done = phrase(
      'The model of the run {0} was restored from the checkpoint of step {1}. It is that of step {2}.',
      folder,
      checkpoint.step,
      checkpoint.keptModel && kept ? kept.step : checkpoint.step,
    );
    const progress = { ...record.progress, kept };
    await writeRecord(folder, { ...record, progress, notices: [...record.notices, ...notices, done] }, files);
    return done;
  } finally {
    task.dispose();
  }
}

/** The validation of the model that a checkpoint restores; null if it was not validated. */
function keptIn({ step, state, keptModel }: { step: number; state: CheckpointState; keptModel?: object | undefined }) {
  const { kept, validations, validationLoss } = state;
  if (kept && (keptModel || kept.step === step)) return { step: kept.step, loss: kept.loss };
  const isValidated = validations.recent.at(-1)?.step === step;
  return isValidated && validationLoss !== null ? { step, loss: validationLoss } : null;
}
