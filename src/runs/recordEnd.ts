import { disk, exists, type Files } from '../platform/files.ts';
import { LockError, RunLock } from './lock.ts';
import { readRecord, type RunRecord, writeRecord } from './record.ts';

/** How a run ended. */
export type RunEnd = Pick<RunRecord, 'state' | 'message'>;

/**
 * Records the end of a run whose trainer could not: it was killed, or its disk was full. An end that the trainer has
 * recorded stays, and so does a run that was deleted or that another process trains meanwhile.
 */
export async function recordEnd(folder: string, end: RunEnd, files: Files = disk): Promise<void> {
  if (!(await exists(folder))) return;
  try {
    const lock = await RunLock.acquire(folder, files);
    try {
      const record = await readRecord(folder, files);
      if (record.state === 'running') await writeRecord(folder, { ...record, ...end }, files);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
  }
}
