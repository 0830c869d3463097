import { isAscii as isOnlyAscii, isUtf8 as isValidUtf8 } from 'node:buffer';
import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { closeSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, homedir, hostname, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';

/** Whether programs and native libraries can run here, as they cannot in a browser. */
export const runsNativeCode: boolean = true;

/** The environment variables of this process; none in a browser. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** Number of this process, which no other running process has: its pid, or a random one in a browser. */
export const processId = process.pid;

/** Whether this process is one of desktop VS Code. */
export const isElectron = process.versions['electron'] !== undefined;

/** Versions of what runs JavaScript here: those of Node and V8, or of the browser. */
export function engineVersions(): Record<string, string> {
  return { node: process.versions.node, v8: process.versions.v8 };
}

/** The GPU that a browser provides; undefined without one, and on a computer. */
export function browserGpu(): GPU | undefined {
  return undefined;
}

/** The user's home folder. */
export function homeFolder(): string {
  return homedir();
}

/** The name of each logical processor's model. */
export function processorModels(): string[] {
  return cpus().map(({ model }) => model);
}

/** Facts about this computer on which the rounding of a sum may depend, and its operating system. */
export function machineFacts(): { platform: string; release: string; arch: string; cpu: string } {
  return { platform: platform(), release: release(), arch: arch(), cpu: processorModels()[0]?.trim() ?? '' };
}

/** Number of threads that this process can run at the same time. */
export function processorCount(): number {
  return availableParallelism();
}

/** Threads that are allowed on fewer processors, so that a run of another computer can be repeated. */
const ALLOWED_THREADS = 8;

/** As many threads as are wanted, but no more than processors or `ALLOWED_THREADS`: more are only slower and need memory. */
export function boundedThreads(wanted: number): number {
  return Math.min(wanted, Math.max(processorCount(), ALLOWED_THREADS));
}

/** Bytes of memory that this process may use: those of the computer, or fewer if its control group limits them. */
export function memoryLimit(): number {
  const limit = process.constrainedMemory();
  // A control group without a limit reports 0 or a number beyond any memory.
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem();
}

/** What a browser lets an extension store. */
export interface StorageQuota {
  /** Bytes that are stored, as the browser estimates them. */
  readonly used: number;
  /** Most bytes that can be stored, as the browser estimates them. */
  readonly limit: number;
  /** False if the browser may delete all of it when the disk is nearly full. */
  readonly isKept: boolean;
}

/** What the browser lets this extension store; undefined on a computer, where the disk is the limit. */
export async function storageQuota(): Promise<StorageQuota | undefined> {
  return Promise.resolve(undefined);
}

/** Size in bytes at which the log of native libraries is begun anew. */
const LARGEST_LOG = 2 ** 20;

/** Bytes that the JavaScript objects and strings of this thread may use. */
export function heapLimit(): number {
  return getHeapStatistics().heap_size_limit;
}

/**
 * Runs an action that loads a native library, and appends what the library prints to a log: libraries such as TensorFlow
 * and Vulkan drivers write to standard error themselves, whatever the settings for their logs are. What this process
 * writes is not affected once the action has returned.
 *
 * The file number 2 is closed and opened again at once, before another thread opens a file: the system gives a new file
 * the lowest free number. Nothing changes on Windows, for a socket, which cannot be opened by its path, and for a regular
 * file, whose offset standard output may share. The standard error of a trainer in VS Code is a socket to the extension,
 * which shows it in its output channel.
 * @param home folder of the log, `native.log`; empty for none
 */
export function withNativeOutputLogged<Result>(home: string, action: () => Result): Result {
  const kept = openedAgain(2);
  if (kept === undefined) return action();
  const log = openedLog(home);
  closeSync(2);
  openSync(`/dev/fd/${log}`, 'a');
  closeSync(log);
  try {
    return action();
  } finally {
    closeSync(2);
    openSync(`/dev/fd/${kept}`, 'a');
    closeSync(kept);
  }
}

/** The number of the open log, or of the file `/dev/null` if it cannot be written. */
function openedLog(home: string): number {
  try {
    if (home === '') throw new Error('There is no folder for the log.');
    mkdirSync(home, { recursive: true });
    const path = join(home, 'native.log');
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return openSync(path, size > LARGEST_LOG ? 'w' : 'a');
  } catch {
    return openSync('/dev/null', 'a');
  }
}

/** Another number of an open file; undefined if it cannot be opened by its path. */
function openedAgain(file: number): number | undefined {
  try {
    // A regular file that is opened again has another offset: what standard output writes to it would be replaced.
    return isMainThread && !fstatSync(file).isFile() ? openSync(`/dev/fd/${file}`, 'a') : undefined;
  } catch {
    return undefined;
  }
}

/** The path of a `file:` URL. */
export function pathOf(url: string | URL): string {
  return fileURLToPath(url);
}

/** The `file:` URL of a path. */
export function urlOf(path: string): URL {
  return pathToFileURL(path);
}

/** Loads CommonJS packages and native addons as a module at `url` would. */
export function requireFrom(url: string): NodeJS.Require {
  return createRequire(url);
}

/** Sets switches of V8 for this process, such as `no-liftoff`. */
export function setEngineFlags(flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(`--${flag}`);
}

/**
 * Yields to the event loop between two pieces of long work, so that messages such as "pause" and "cancel" are handled.
 * @throws the reason of the signal once it is aborted
 */
export async function yieldToEventLoop(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

/**
 * Calls an action again and again, which does not keep the process alive.
 * @param milliseconds interval
 * @returns ends it
 */
export function repeatedly(milliseconds: number, action: () => void): () => void {
  const timer = setInterval(action, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

/** Resolves after some milliseconds. @throws the reason of the signal once it is aborted */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await setTimeout(milliseconds, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}

/** True if all bytes are ASCII. */
export function isAscii(bytes: Uint8Array): boolean {
  return isOnlyAscii(bytes);
}

/** True if bytes are valid UTF-8 to their end. */
export function isUtf8(bytes: Uint8Array): boolean {
  return isValidUtf8(bytes);
}

/** True if a process exists, of any user. */
export async function processExists(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Start of a process, as a token of letters, digits and dashes that differs from that of every other process with the
 * same pid: the system reuses pids after a process has ended and after a reboot.
 * @returns undefined if the system does not report it
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'win32') {
    const command = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
    return outputToken('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command]);
  }
  return outputToken('ps', ['-o', 'lstart=', '-p', String(pid)]);
}

/**
 * Token of the processes whose pids this process can see: those of this computer and, on Linux, of this container (its
 * pid namespace, see pid_namespaces(7)).
 */
export async function processNamespace(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${hostname()}-${namespace}`.replaceAll(/[^A-Za-z0-9]+/g, '-');
}

/** The boot's id and the start in clock ticks since the boot: field 22 of `/proc/PID/stat`, see proc(5). */
async function linuxStart(pid: number): Promise<string | undefined> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // Field 2 is the program's name in brackets, which may contain spaces and brackets; field 3 follows the last
    // bracket.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3];
    return ticks === undefined ? undefined : `${boot.trim()}-${ticks}`;
  } catch {
    return undefined;
  }
}

/**
 * Output of a program with other characters than letters and digits replaced by dashes; undefined if it fails or is
 * empty.
 */
async function outputToken(program: string, args: readonly string[]): Promise<string | undefined> {
  // The same language and time zone for every caller.
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: 10_000, windowsHide: true }, (error, output) => {
      const token = output.trim().replaceAll(/[^A-Za-z0-9]+/g, '-');
      resolve(error || token === '' ? undefined : token);
    });
  });
}
