import { basename, dirname, join } from 'node:path';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { randomHex } from '../platform/hashing.ts';
import { processExists, processStart } from '../platform/system.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** Another process is writing to the run. */
export class RunLockedError extends PhrasedError {
  override readonly name = 'RunLockedError';
  readonly code = 'run-locked';
  constructor(folder: string, pid: number) {
    super(phrase('The run in {0} is being trained by process {1}. Stop that process first.', folder, pid));
  }
}

/**
 * The file `lock` of a run, which admits one writer. It contains the pid and the start time of the writer's process,
 * because the system reuses pids: the lock of a running process is never taken over, and the lock of a process that has
 * ended, in this boot or an earlier one, always is. No clock is involved, unlike with a heartbeat (`proper-lockfile`),
 * which loses the lock of a process that was suspended or busy. If the system does not report start times, only the pid
 * is compared. The lock works between processes that see each other's pids: those of one machine or container.
 *
 * Two processes could find the lock of a dead one at the same time, and the slower one could remove the lock that the
 * faster one has just written. So a process that requests the lock first creates a candidate, a file
 * `lock.PID.START.RANDOM` with a unique name, and gives up if another running process has one. The candidate is then
 * renamed to the lock.
 */
export class RunLock {
  readonly #path: string;
  readonly #files: Files;

  private constructor(path: string, files: Files) {
    this.#path = path;
    this.#files = files;
  }

  /** @throws RunLockedError while a running process holds the lock or requests it */
  static async acquire(folder: string, files: Files): Promise<RunLock> {
    const owner = await thisProcess();
    const candidate = `${lockPath(folder)}.${owner.pid}.${owner.start ?? ''}.${randomHex(4)}`;
    try {
      await files.write(candidate, `${owner.pid} ${owner.start ?? ''}`.trimEnd());
      const other = (await otherCandidate(folder, candidate, files)) ?? (await lockHolder(folder, files));
      if (other !== undefined) throw new RunLockedError(folder, other);
      await files.rename(candidate, lockPath(folder));
    } catch (error) {
      await files.remove(candidate);
      throw error;
    }
    return new RunLock(lockPath(folder), files);
  }

  async release(): Promise<void> {
    await this.#files.remove(this.#path);
  }
}

/**
 * Removes the lock that this process holds through a terminated thread. The thread cannot remove it, and because its
 * process is still running, the run could otherwise not be resumed here.
 */
export async function releaseLockOfEndedThread(folder: string, files: Files = disk): Promise<void> {
  if ((await lockHolder(folder, files)) === process.pid) await files.remove(lockPath(folder));
}

/** The pid of the running process that writes to the run; undefined if there is none. */
export async function lockHolder(folder: string, files: Files = disk): Promise<number | undefined> {
  const text = await files.readText(lockPath(folder)).catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  const [pid = '', start] = text.split(' ');
  return livingPid(pid, start);
}

/** The pid of another running process that requests the lock. Removes candidates of dead processes. */
async function otherCandidate(folder: string, own: string, files: Files): Promise<number | undefined> {
  for (const { name } of await files.list(folder)) {
    const [, pid = '', start] = /^lock\.(\d+)\.([^.]*)\.[0-9a-f]+$/.exec(name) ?? [];
    if (pid === '' || name === basename(own)) continue;
    const other = await livingPid(pid, start);
    if (other !== undefined) return other;
    await files.remove(join(dirname(own), name));
  }
  return undefined;
}

/**
 * Returns a pid if it still belongs to the process that wrote it.
 * @param start start time of that process; empty or omitted if the system did not report it
 */
async function livingPid(text: string, start = ''): Promise<number | undefined> {
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0) || !processExists(pid)) return undefined;
  if (start === '') return pid;
  const now = await (pid === process.pid ? startOfThisProcess() : processStart(pid));
  return now === undefined || now === start ? pid : undefined;
}

async function thisProcess(): Promise<{ readonly pid: number; readonly start: string | undefined }> {
  return { pid: process.pid, start: await startOfThisProcess() };
}

let ownStart: Promise<string | undefined> | undefined;

async function startOfThisProcess(): Promise<string | undefined> {
  ownStart ??= processStart(process.pid);
  return ownStart;
}

function lockPath(folder: string): string {
  return join(folder, 'lock');
}
