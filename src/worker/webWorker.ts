import { receiveStart } from '../platform/web/threads.ts';

/**
 * Entry of a worker of a browser, in one file: the trainer, and its threads. Its owner sends a `WorkerStart` first, and
 * then the same messages as to a thread of Node. A program is loaded when its data are known.
 */
const programs: Readonly<Record<string, () => Promise<unknown>>> = {
  'trainer.js': async () => import('./worker.ts'),
  'wasmThread.js': async () => import('../kernels/wasm/thread.ts'),
};

const { program } = await receiveStart();
await programs[program]?.();
