import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockHolder } from '../../runs/lock.ts';

/**
 * Removes the lock that a trainer's thread has left in a run's folder. A thread that is ended from outside
 * cannot remove it, and when it lived in this process the lock names a process that is still alive, which
 * would keep the run from ever being resumed here.
 * @param pid the process that held the thread, which must be gone
 */
export async function removeLeftoverLock(folder: string, pid: number | undefined): Promise<void> {
  if (pid === process.pid && (await lockHolder(folder)) === pid) await rm(join(folder, 'lock'), { force: true });
}
