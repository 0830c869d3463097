import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { cells } from '../../config/cells.ts';
import { benchAnswer, type BenchTask } from '../../worker/bench/task.ts';
import { processEntry, workerEntry } from '../../worker/workerThread.ts';

/** Result of one turn. */
export interface Turn {
  /** Time of each step. */
  readonly milliseconds: readonly number[];
  /** Current peak of the matrix products; null if unknown. */
  readonly peakGigaflops: number | null;
}

/** Runs training steps on request, so that several contenders can take turns. */
export interface Contender {
  readonly name: string;
  readonly threads: number;
  /** Name of the GPU, or "CPU, N threads"; for PyTorch the name that it reports. */
  readonly device: string;
  /** Runs steps and returns their times. */
  steps(count: number): Promise<Turn>;
  close(): Promise<void>;
}

/** Starts a contender in a worker thread. @throws Error if the backend does not load */
export async function startWorker(name: string, task: BenchTask): Promise<Contender> {
  const worker = new Worker(workerEntry, { workerData: { bench: task } });
  return startSteps(name, {
    post: (count) => worker.postMessage(count),
    next: async () => (await once(worker, 'message'))[0] as unknown,
    end: async () => {
      await worker.terminate();
    },
  });
}

/** Starts a contender in a separate process, which WebGPU requires. @throws Error if the backend does not load */
export async function startProcess(name: string, task: BenchTask): Promise<Contender> {
  const child = fork(fileURLToPath(processEntry), [JSON.stringify({ bench: task })], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(() =>
    Promise.reject(new Error(`The process of ${name} has ended. Its output is above.`)),
  );
  gone.catch(() => undefined);
  return startSteps(name, {
    post: (count) => child.send(count),
    next: async () => (await Promise.race([once(child, 'message'), gone]))[0] as unknown,
    end: async () => {
      child.kill('SIGKILL');
      await gone.catch(() => undefined);
    },
  });
}

/** The thread or process of a contender. */
interface Holder {
  post(count: number): void;
  next(): Promise<unknown>;
  end(): Promise<void>;
}

async function startSteps(name: string, { post, next, end }: Holder): Promise<Contender> {
  const answer = async () => benchAnswer.parse(await next());
  const ready = await answer();
  if (!('ready' in ready)) {
    await end();
    throw new Error(`${name}: ${'reason' in ready ? ready.reason : 'it does not start'}`);
  }
  return {
    name,
    threads: ready.threads,
    device: ready.device,
    async steps(count) {
      post(count);
      const done = await answer();
      if ('milliseconds' in done) return done;
      throw new Error(`${name}: ${'reason' in done ? done.reason : 'unexpected answer'}`);
    },
    close: end,
  };
}

/**
 * Work of PyTorch: a training step with its fused layer on one-hot or embedded characters; for the LSTM, a step-by-step
 * version that keeps gates and gradients; or a part of a training step.
 */
export type TorchWork = 'one-hot' | 'embedding' | 'instrumented' | 'forward' | 'forward and backward' | 'loss' | 'adam';

/** Devices of PyTorch. CUDA multiplies matrices in float32, or in TF32 with 19 bits. */
export const torchDevices = { cpu: 'cpu', cuda: 'CUDA', 'cuda-tf32': 'CUDA, TF32' } as const;
export type TorchDevice = keyof typeof torchDevices;

/** The script is next to the bundle, or next to this module. */
const script = new URL('./torchSteps.py', import.meta.url);

/**
 * Starts PyTorch in the given Python, one process for each kind of work.
 * @throws Error if it does not start, for example without a GPU, or if PyTorch does not have the cell
 */
export async function startTorch(
  python: string,
  work: TorchWork,
  { sizes: { T, B, H, V }, cell, threads }: Pick<BenchTask, 'sizes' | 'cell' | 'threads'>,
  device: TorchDevice = 'cpu',
): Promise<Contender> {
  const { torch, title } = cells[cell];
  if (!torch) throw new Error(`PyTorch has no layer for the cell ${title}.`);
  const name = device === 'cpu' ? `torch ${work}` : `torch ${work} (${torchDevices[device]})`;
  const options = [work, torch, ...[T, B, H, V, threads].map(String), device];
  const program = await startProgram(name, python, [fileURLToPath(script), ...options]);
  return {
    name,
    threads,
    device: program.ready,
    steps: async (count) => ({
      milliseconds: z.array(z.number()).parse(await program.ask(String(count))),
      peakGigaflops: null,
    }),
    close: program.close,
  };
}

/** A program that answers lines. */
export interface LineProgram {
  /** Where it computes. */
  readonly ready: string;
  /** Sends a line, and reads the answer. @throws Error if the program has ended */
  ask(line: string): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts a program that prints `{"ready": ...}` or `{"reason": ...}`, and then a line of JSON for each line that it
 * reads.
 * @param variables added to the environment
 * @throws Error with the reason if it does not start
 */
export async function startProgram(
  name: string,
  command: string,
  programArguments: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<LineProgram> {
  const child = spawn(command, programArguments, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...variables },
  });
  await once(child, 'spawn');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${name} ended; its output is above.`);
    return JSON.parse(value);
  };
  const started = z.union([z.object({ ready: z.string() }), z.object({ reason: z.string() })]).parse(await next());
  if ('reason' in started) throw new Error(started.reason);
  return {
    ready: started.ready,
    async ask(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
