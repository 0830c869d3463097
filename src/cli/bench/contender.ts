import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { benchAnswer, type BenchTask } from '../../trainer/bench/task.ts';
import { workerEntry } from '../../trainer/workerEntry.ts';

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
  /** Does some steps. */
  steps(count: number): Promise<Turn>;
  close(): Promise<void>;
}

/** A worker thread on one of our backends. @throws Error when the backend does not load */
export async function startWorker(name: string, task: BenchTask): Promise<Contender> {
  const worker = new Worker(workerEntry, { workerData: { bench: task } });
  const next = async () => benchAnswer.parse((await once(worker, 'message'))[0]);
  const ready = await next();
  if (!('ready' in ready)) throw new Error('reason' in ready ? ready.reason : `${name} does not start`);
  return {
    name,
    threads: ready.threads,
    async steps(count) {
      worker.postMessage(count);
      const answer = await next();
      if ('milliseconds' in answer) return answer;
      throw new Error(`${name}: ${'reason' in answer ? answer.reason : 'unexpected answer'}`);
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** How PyTorch is trained: its fused layer on one-hot or embedded characters, or, for the LSTM, step by step, keeping gates and gradients. */
export const torchVariants = ['one-hot', 'embedding', 'instrumented'] as const;

/** Lies beside the bundle, or beside this module. */
const script = new URL('./torchSteps.py', import.meta.url);

/** PyTorch in a Python of the user's, one process for each variant. */
export async function startTorch(
  python: string,
  variant: (typeof torchVariants)[number],
  { sizes: { T, B, H, V }, cell, threads }: Pick<BenchTask, 'sizes' | 'cell' | 'threads'>,
): Promise<Contender> {
  const words = [fileURLToPath(script), variant, cell, ...[T, B, H, V, threads].map(String)];
  const child = spawn(python, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child, 'spawn');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`PyTorch (${variant}) ended; what it wrote is above.`);
    return JSON.parse(value);
  };
  z.literal('ready').parse(await next());
  return {
    name: `torch ${variant}`,
    threads,
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
