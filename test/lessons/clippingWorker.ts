/**
 * A thread that trains a task on the kernels until a validation meets its criterion, and posts after how many steps
 * that was.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { wasmBackend } from '../../src/backends/wasm.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import { tasks } from '../../src/config/tasks.ts';
import { meets } from '../../src/worker/session.ts';
import { taskKinds } from '../../src/worker/tasks/registry.ts';
import { DivergenceError } from '../../src/training/update.ts';

await wasmBackend.load({ home: '', tensorflowPath: '', threads: 1 });
const config = parseRunConfig(workerData);
const { training } = config;
const { criterion } = tasks[config.task.name];
const task = (await taskKinds[config.task.name].load({ kind: 'generated' }, config)).create();
task.initialize();

async function stepsToSolve(): Promise<number | null> {
  for (let step = 1; step <= training.steps; step++) {
    await task.loop.step(training.learningRate, training);
    if (step % training.validateEvery > 0 || !criterion) continue;
    if (meets(criterion, await task.validate(() => Promise.resolve()))) return step;
  }
  return null;
}

const steps = await stepsToSolve().catch((error: unknown) => {
  if (error instanceof DivergenceError) return null;
  throw error;
});
parentPort?.postMessage(steps);
