import { endThread, type ThreadPort, threadData } from '../platform/threads.ts';
import { serveSteps } from './bench/serve.ts';
import { benchTask } from './bench/task.ts';
import { checkHere, checkTask } from './check.ts';
import { measureHere, measureTask } from './measure.ts';
import { TrainerServer } from './trainerServer.ts';
import { OWNER_ENDED, workerPort } from './workerThread.ts';

/** Trains in this thread, times one step and ends, checks kernels, or runs steps of the benchmark. */
export async function runTrainer(owner: ThreadPort): Promise<void> {
  const measure = measureTask.safeParse(threadData);
  const bench = benchTask.safeParse(threadData);
  const check = checkTask.safeParse(threadData);
  if (measure.success) owner.postMessage(await measureHere(measure.data));
  else if (check.success) owner.postMessage(await checkHere(check.data));
  else if (bench.success) await serveSteps(owner, bench.data.bench);
  else serve(owner);
}

/** Serves the owner until it ends. A run in training then ends with a checkpoint. */
function serve(port: ThreadPort): void {
  const server = new TrainerServer(workerPort(port));
  port.on('message', (message) => {
    if (message === OWNER_ENDED) void server.end().finally(() => endThread());
  });
}
