import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Another process is writing to the run. */
export class RunLockedError extends Error {
  override readonly name = 'RunLockedError';
  readonly code = 'run-locked';
  constructor(folder: string, pid: number) {
    super(`The run in ${folder} is being trained by process ${pid}. Stop that one first.`);
  }
}

/** Keeps two writers apart: a file with the process id of the one that may write. */
export class RunLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws RunLockedError while a living process holds the lock; the lock of a dead one is taken over. */
  static async acquire(folder: string): Promise<RunLock> {
    const path = lockPath(folder);
    for (let attempt = 0; ; attempt++) {
      try {
        await writeFile(path, String(process.pid), { flag: 'wx' });
        return new RunLock(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const pid = await lockHolder(folder);
      if (pid !== undefined) throw new RunLockedError(folder, pid);
      if (attempt > 2) throw new Error(`The lock ${path} can neither be taken nor removed.`);
      await rm(path, { force: true });
    }
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

/**
 * Removes the lock that this process holds through a thread which was ended from outside: such a thread
 * cannot remove it, and the process it names lives on, which would keep the run from ever being resumed here.
 */
export async function releaseLockOfEndedThread(folder: string): Promise<void> {
  if ((await lockHolder(folder)) === process.pid) await rm(lockPath(folder), { force: true });
}

/** The living process that writes to the run, if there is one. */
export async function lockHolder(folder: string): Promise<number | undefined> {
  const text = await readFile(lockPath(folder), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return pid > 0 && isAlive(pid) ? pid : undefined;
}

function lockPath(folder: string): string {
  return join(folder, 'lock');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process is there, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
