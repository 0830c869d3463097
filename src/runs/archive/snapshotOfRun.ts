import { dirname, join } from 'node:path';
import { type Files, isMissing } from '../../platform/files.ts';
import { checkpointSteps, metricsAt } from '../checkpoints.ts';
import { isDamage } from '../integrity.ts';
import { METRICS_FILE } from '../metricsLog.ts';
import { checkRun } from './checkRun.ts';
import { firstBytes, writeChunks } from './copyFile.ts';
import { type RunFile, runFiles } from './runFiles.ts';

/** Times that a run is copied again because its trainer replaced files meanwhile. */
const ATTEMPTS = 5;
/** Files of a step, which the run has only up to its last checkpoint. */
const OF_STEP = /^(?:checkpoints|probes)\/step-(\d+)(?:\.json|\/)/;

/**
 * Copies a run that is being trained up to its last checkpoint, from which it can be resumed, into a new folder. Without
 * a checkpoint, the copy begins at the first step.
 * @throws DamagedRunError if the run is damaged
 */
export async function snapshotOfRun(folder: string, copy: string, files: Files): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await files.makeFolder(copy);
      await copyRun(folder, copy, files);
      await checkRun(copy, files);
      return;
    } catch (error) {
      // The trainer has removed or replaced a file since it was listed.
      if (attempt === ATTEMPTS || !(isMissing(error) || isDamage(error))) throw error;
      await files.remove(copy);
    }
  }
}

async function copyRun(folder: string, copy: string, files: Files): Promise<void> {
  const step = (await checkpointSteps(folder, files)).at(-1) ?? 0;
  const metrics = step === 0 ? undefined : await metricsAt(folder, step, files);
  for (const { path, size } of await runFiles(folder, files)) {
    if (Number(OF_STEP.exec(path)?.[1] ?? 0) > step || (path === METRICS_FILE && step === 0)) continue;
    const target = join(copy, path);
    await files.makeFolder(dirname(target));
    await writeChunks(target, firstBytes(join(folder, path), lengthOf({ path, size }, metrics?.bytes)), files);
  }
}

/** Bytes of a file to copy. @param logged bytes of the metrics at the last checkpoint, if the run has recorded them */
function lengthOf({ path, size }: RunFile, logged = size): number {
  return path === METRICS_FILE ? logged : size;
}
