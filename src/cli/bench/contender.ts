import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { cells } from '../../config/cells.ts';
import { benchAnswer, type BenchTask } from '../../worker/bench/task.ts';
import { processEntry, workerEntry } from '../../worker/workerEntry.ts';

/** What came of some steps. */
export interface Turn {
  /** Of each step. */
  readonly milliseconds: readonly number[];
  /** What its matrix products could reach at best just now; null where that is not known. */
  readonly peakGigaflops: number | null;
}

/** Someone who does training steps on request, so that several can take turns. */
export interface Contender {
  readonly name: string;
  readonly threads: number;
  /** The GPU's name, or "CPU, N threads"; for PyTorch as its owner calls it. */
  readonly device: string;
  /** Does some steps. */
  steps(count: number): Promise<Turn>;
  close(): Promise<void>;
}

/** A worker thread on one of our backends. @throws Error when the backend does not load */
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

/** The same in a process of its own, which WebGPU wants. @throws Error when the backend does not load */
export async function startProcess(name: string, task: BenchTask): Promise<Contender> {
  const child = fork(fileURLToPath(processEntry), [JSON.stringify({ bench: task })], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(() =>
    Promise.reject(new Error(`The process of ${name} has ended; what it wrote is above.`)),
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

/** Where the steps of a contender are done. */
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
 * What PyTorch does: a training step with its fused layer on one-hot or embedded characters, or, for the LSTM, step by
 * step, keeping gates and gradients; or a part of one.
 */
export type TorchWork = 'one-hot' | 'embedding' | 'instrumented' | 'forward' | 'forward and backward' | 'loss' | 'adam';

/** Where PyTorch computes: on a GPU with matrix products in float32, or in the 19 bits of TF32. */
export const torchDevices = { cpu: 'cpu', cuda: 'CUDA', 'cuda-tf32': 'CUDA, TF32' } as const;
export type TorchDevice = keyof typeof torchDevices;

/** Lies beside the bundle, or beside this module. */
const script = new URL('./torchSteps.py', import.meta.url);

/**
 * PyTorch in a Python of the user's, one process for each kind of work.
 * @throws Error when it does not start, such as without a GPU, or has no such cell
 */
export async function startTorch(
  python: string,
  work: TorchWork,
  { sizes: { T, B, H, V }, cell, threads }: Pick<BenchTask, 'sizes' | 'cell' | 'threads'>,
  device: TorchDevice = 'cpu',
): Promise<Contender> {
  const { torch, title } = cells[cell];
  if (!torch) throw new Error(`PyTorch has no layer for the cell ${title}.`);
  const words = [fileURLToPath(script), work, torch, ...[T, B, H, V, threads].map(String), device];
  const child = spawn(python, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child, 'spawn');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const name = device === 'cpu' ? `torch ${work}` : `torch ${work} (${torchDevices[device]})`;
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${name} ended; what it wrote is above.`);
    return JSON.parse(value);
  };
  const started = z.union([z.object({ ready: z.string() }), z.object({ reason: z.string() })]).parse(await next());
  if ('reason' in started) throw new Error(started.reason);
  return {
    name,
    threads,
    device: started.ready,
    async steps(count) {
      child.stdin.write(`${count}\n`);
      return { milliseconds: z.array(z.number()).parse(await next()), peakGigaflops: null };
    },
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
