import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { testThreads } from './threadSuite.ts';
import type { TrainingTask } from './trainingLosses.ts';

/** Returns the losses of a short training in a separate thread. */
async function losses(workerData: TrainingTask): Promise<number[]> {
  const worker = new Worker(new URL('trainingWorker.ts', import.meta.url), { workerData });
  const [result] = (await once(worker, 'message')) as [number[]];
  await worker.terminate();
  return result;
}

testThreads(losses, { wide: true });
