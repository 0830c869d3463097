import { type ChildProcess, execFile, execFileSync, fork, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { type MessagePort, parentPort, Worker, workerData, type WorkerOptions } from 'node:worker_threads';

/** A thread, seen by its owner. */
export type Thread = Worker;

/** The thread's own end of the connection to its owner. */
export type ThreadPort = MessagePort;

/** Start data of this thread; undefined in the main thread. */
export const threadData: unknown = workerData;

/** The port to the owner of this thread; null in the main thread. */
export const ownerPort: ThreadPort | null = parentPort;

/** Ends this thread. */
export function endThread(): void {
  process.exit();
}

/** Starts a program as a thread of this process. */
export function startThread(program: URL, options: WorkerOptions = {}): Thread {
  return new Worker(program, options);
}

/** Resolves with a thread's next message. @throws the error that ended the thread */
export async function nextMessage(thread: Thread): Promise<unknown> {
  const [message]: unknown[] = await once(thread, 'message');
  return message;
}

/** Starts a Node program as a process that exchanges messages with this one. */
export function startProcess(program: string | URL, args: readonly string[], options: ForkOptions): ChildProcess {
  return fork(program, args, options);
}

/** The messages of a process that `startProcess` has started. One to a process that has just ended is dropped. */
export function processPort(child: ChildProcess): {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  close(): void;
} {
  return {
    post: (message) => {
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    close: () => {
      child.removeAllListeners('message');
    },
  };
}

/** Exit of a program, with its output. */
export interface ProgramResult {
  readonly output: string;
  /** What it wrote to standard error. */
  readonly errors: string;
  readonly failed: boolean;
  /** True if there is no such program. */
  readonly missing: boolean;
  /** True if it was killed after its time limit. */
  readonly timedOut: boolean;
}

/** Bytes that a program may write before it is killed. */
const LARGEST_OUTPUT = 2 ** 28;

export interface ProgramOptions {
  /** Time limit. */
  readonly milliseconds: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory; defaults to that of this process. */
  readonly folder?: string;
}

/** Runs a program to its end, or for at most `milliseconds`. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { milliseconds, env, folder }: ProgramOptions,
): Promise<ProgramResult> {
  const options = {
    timeout: milliseconds,
    killSignal: 'SIGKILL',
    env,
    windowsHide: true,
    maxBuffer: LARGEST_OUTPUT,
    ...(folder !== undefined && { cwd: folder }),
  } as const;
  return new Promise((resolve) => {
    execFile(program, args, options, (error, output, errors) => {
      const missing = error?.code === 'ENOENT';
      resolve({ output, errors, failed: error !== null, missing, timedOut: error?.killed === true });
    });
  });
}

/** Runs a short program and returns its output. @throws Error if it does not exist, fails or takes too long */
export function outputOf(program: string, args: readonly string[], milliseconds: number): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    timeout: milliseconds,
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
}
