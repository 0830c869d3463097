import { basename, dirname, join } from 'node:path';
import { disk, fileStamps, type Files } from '../platform/files.ts';
import { textOrEmpty } from '../platform/textOrEmpty.ts';
import { randomHex } from '../platform/hashing.ts';
import { processExists, processId, processNamespace, processStart, repeatedly } from '../platform/system.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** This process must not write to the run. */
export class LockError extends PhrasedError {
  override readonly name = 'RunLockedError';
  readonly code = 'run-locked';
}

/** Another process is writing to the run. */
export class RunLockedError extends LockError {
  constructor(folder: string, pid: number) {
    super(
      phrase(
        'The run in {0} is being trained by process {1}. Stop that process first. If it is no trainer, remove the file "lock" in the folder.',
        folder,
        pid,
      ),
    );
  }
}

/** A process of another computer or container is writing to the run, or was until a moment ago. */
class RunLockedElsewhereError extends LockError {
  constructor(folder: string) {
    super(
      phrase(
        'The run in {0} is being trained on another computer or in another container, or was until less than {1} s ago. Stop it there, or wait. If nothing trains it, remove the file "lock" in the folder.',
        folder,
        STALE / 1000,
      ),
    );
  }
}

/** The lock of this process was removed or taken over. */
export class LostLockError extends LockError {
  constructor(folder: string) {
    super(
      phrase(
        'The run in {0} has been taken over by another process, or its file "lock" was removed. This process no longer writes to it.',
        folder,
      ),
    );
  }
}

/** In a lock, in place of a start that the system does not report. */
const NO_START = '-';

/** Interval in milliseconds at which a writer touches its lock. */
const BEAT = 10_000;
/** Age in milliseconds at which the lock of a process that cannot be seen from here is taken over. */
const STALE = 60_000;

/** Times that a process requests a free lock while others request it, too. */
const REQUESTS = 5;
/** Shortest and longest time between two requests, in milliseconds. */
const [SHORTEST_WAIT, LONGEST_WAIT] = [50, 250];

/**
 * The file `lock` of a run, which admits one writer. It contains the pid and the start time of the writer's process,
 * because the system reuses pids: the lock of a running process is never taken over, and the lock of a process that has
 * ended, in this boot or an earlier one, always is. No clock is involved, unlike with a heartbeat (`proper-lockfile`),
 * which loses the lock of a process that was suspended or busy. If the start time of the writer is not known, as that of a
 * program in Python on Windows or macOS, its lock also has to be younger than a minute: its pid may be another process's.
 *
 * Pids of another computer or container mean nothing here. The lock also names where its process runs, and its writer
 * touches it every ten seconds: from elsewhere, it is taken over once it is a minute old, compared with a file that was
 * just written to the same folder, so that the clocks of two computers need not agree. A writer that was suspended for
 * longer can lose its lock this way; it notices at its next checkpoint and ends.
 *
 * Two processes could find the lock of a dead one at the same time, and the slower one could remove the lock that the
 * faster one has just written. So a process that requests the lock first creates a candidate, a file
 * `lock.PID.START.RANDOM` with a unique name. If another running process has one, it removes its own and requests the
 * lock again after a random time, so that one of them gets it. Otherwise, the candidate is renamed to the lock.
 */
export class RunLock {
  readonly #path: string;
  readonly #content: string;
  readonly #files: Files;
  readonly #endBeat: () => void;

  private constructor(path: string, content: string, files: Files) {
    this.#path = path;
    this.#content = content;
    this.#files = files;
    // A lock that cannot be touched is checked at the next checkpoint.
    this.#endBeat = repeatedly(BEAT, () => void files.touch(path).catch(() => undefined));
  }

  /** @throws RunLockedError while a running process holds the lock or requests it */
  static async acquire(folder: string, files: Files): Promise<RunLock> {
    for (let request = 1; ; request++) {
      const result = await RunLock.#request(folder, files);
      if (result instanceof RunLock) return result;
      if (request === REQUESTS) throw new RunLockedError(folder, result.other);
      await randomWait();
    }
  }

  /**
   * Requests the lock once.
   * @returns the lock, or the pid of another process that requests it at the same time
   */
  static async #request(folder: string, files: Files): Promise<RunLock | { readonly other: number }> {
    const owner = await thisProcess();
    const content = `${owner.pid} ${owner.start ?? NO_START} ${owner.namespace}`;
    const candidate = `${lockPath(folder)}.${owner.pid}.${owner.start ?? ''}.${randomHex(4)}`;
    try {
      await files.write(candidate, content);
      const other = await otherCandidate(folder, candidate, files);
      const lock = await readLock(folder, files);
      if (await isHeldElsewhere(folder, lock, (await fileStamps([candidate]))[0]?.changed ?? 0))
        throw new RunLockedElsewhereError(folder);
      const holder = await holderHere(folder, lock, (await fileStamps([candidate]))[0]?.changed ?? 0);
      if (holder !== undefined) throw new RunLockedError(folder, holder);
      if (other !== undefined) {
        await files.remove(candidate);
        return { other };
      }
      await files.rename(candidate, lockPath(folder));
    } catch (error) {
      await files.remove(candidate);
      throw error;
    }
    return new RunLock(lockPath(folder), content, files);
  }

  /** @throws RunLockedError if the lock of this process was removed or taken over */
  async assertHeld(): Promise<void> {
    if ((await readLock(dirname(this.#path), this.#files)) !== this.#content)
      throw new LostLockError(dirname(this.#path));
  }

  /** Does nothing to the lock of a process that has taken it over. */
  async release(): Promise<void> {
    this.#endBeat();
    const content = await readLock(dirname(this.#path), this.#files);
    if (content === this.#content) await this.#files.remove(this.#path);
  }
}

/**
 * Removes the lock that this process holds through a terminated thread. The thread cannot remove it, and because its
 * process is still running, the run could otherwise not be resumed here.
 */
export async function releaseLockOfEndedThread(folder: string, files: Files = disk): Promise<void> {
  if ((await lockHolder(folder, files)) === processId) await files.remove(lockPath(folder));
}

/** The pid of the running process that writes to the run, also of one elsewhere; undefined if there is none. */
export async function lockHolder(folder: string, files: Files = disk): Promise<number | undefined> {
  const lock = await readLock(folder, files);
  const [pid = '', , namespace] = lock.split(' ');
  if (await isHere(namespace)) return holderHere(folder, lock, Date.now());
  return (await isFresh(folder, Date.now())) ? Number.parseInt(pid, 10) : undefined;
}

/** Whether a lock was touched less than a minute before a time, in milliseconds. */
async function isFresh(folder: string, now: number): Promise<boolean> {
  return now - ((await fileStamps([lockPath(folder)]))[0]?.changed ?? 0) < STALE;
}

/** The pid of the running process that holds a lock, among those that this process sees. */
async function holderHere(folder: string, lock: string, now: number): Promise<number | undefined> {
  const [pid = '', start, namespace] = lock.split(' ');
  if (!(await isHere(namespace))) return undefined;
  return start === NO_START && !(await isFresh(folder, now)) ? undefined : livingPid(pid, start);
}

/**
 * Whether a process elsewhere holds a lock.
 * @param now time of a file that was just written to the folder, in milliseconds
 */
async function isHeldElsewhere(folder: string, lock: string, now: number): Promise<boolean> {
  const [, , namespace] = lock.split(' ');
  return !(await isHere(namespace)) && isFresh(folder, now);
}

/** Whether pids of a namespace are those that this process sees; undefined in a lock of an earlier version. */
async function isHere(namespace: string | undefined): Promise<boolean> {
  return namespace === undefined || namespace === (await thisProcess()).namespace;
}

/** Content of a lock; empty without one. */
async function readLock(folder: string, files: Files): Promise<string> {
  return textOrEmpty(lockPath(folder), files);
}

/** Waits for a random time, so that processes that have met do not meet again. */
async function randomWait(): Promise<void> {
  const share = Number.parseInt(randomHex(2), 16) / 0xffff;
  await new Promise((resolve) => setTimeout(resolve, SHORTEST_WAIT + share * (LONGEST_WAIT - SHORTEST_WAIT)));
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
  if (!(pid > 0) || !(await processExists(pid))) return undefined;
  if (start === '' || start === NO_START) return pid;
  const now = await (pid === processId ? startOfThisProcess() : processStart(pid));
  return now === undefined || now === start ? pid : undefined;
}

interface LockOwner {
  readonly pid: number;
  readonly start: string | undefined;
  readonly namespace: string;
}

async function thisProcess(): Promise<LockOwner> {
  ownNamespace ??= processNamespace();
  return { pid: processId, start: await startOfThisProcess(), namespace: await ownNamespace };
}

let ownNamespace: Promise<string> | undefined;

let ownStart: Promise<string | undefined> | undefined;

async function startOfThisProcess(): Promise<string | undefined> {
  ownStart ??= processStart(processId);
  return ownStart;
}

function lockPath(folder: string): string {
  return join(folder, 'lock');
}
