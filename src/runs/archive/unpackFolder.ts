import { join } from 'node:path';
import { type Files, isMissing } from '../../platform/files.ts';
import { randomHex } from '../../platform/hashing.ts';
import { processId } from '../../platform/system.ts';
import { LockError, RunLock } from '../lock.ts';

/** Beginning of the names of the folders next to a store in which runs are unpacked. */
const UNPACKED = '.importing-';
/** Times that a folder is created because another import has taken the one before for an abandoned one. */
const ATTEMPTS = 5;

/** A folder in which one import unpacks runs. */
export interface UnpackFolder {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/**
 * Creates a folder to unpack runs in. It has the lock of a run, which says that its process is alive, also to computers
 * that share the store.
 * @param home folder of the run store, on the same disk
 */
export async function createUnpackFolder(home: string, files: Files): Promise<UnpackFolder> {
  for (let attempt = 1; ; attempt++) {
    const path = join(home, `${UNPACKED}${processId}-${randomHex(4)}`);
    try {
      await files.createFolder(path);
      const lock = await RunLock.acquire(path, files);
      return { path, remove: async () => removeLocked(path, lock, files) };
    } catch (error) {
      await files.remove(path);
      // Another import found the folder without a lock, and removes it.
      if (attempt === ATTEMPTS || !(isMissing(error) || error instanceof LockError)) throw error;
    }
  }
}

/** Removes the folders of imports that were killed. Those of living ones, on whatever computer, stay. */
export async function removeAbandoned(home: string, files: Files): Promise<void> {
  for (const { name, isFolder } of await files.list(home)) {
    if (!isFolder || !name.startsWith(UNPACKED)) continue;
    const path = join(home, name);
    try {
      await removeLocked(path, await RunLock.acquire(path, files), files);
    } catch (error) {
      // An import is alive, or another one removes the folder.
      if (!(isMissing(error) || error instanceof LockError)) throw error;
    }
  }
}

async function removeLocked(path: string, lock: RunLock, files: Files): Promise<void> {
  try {
    // A scanner may hold a file for a moment.
    await files.remove(path).catch(async () => files.remove(path));
  } finally {
    await lock.release();
  }
}
