import { ownerPort, type ThreadPort, threadData } from '../platform/threads.ts';
import { serveSteps } from './bench/serve.ts';
import { benchTask } from './bench/task.ts';
import { checkHere, checkTask } from './check.ts';
import { measureHere, measureTask } from './measure.ts';
import { TrainerServer } from './trainerServer.ts';
import { OWNER_ENDED, workerPort } from './workerThread.ts';

/**
 * Entry of a worker thread, which trains, times one step and ends, checks kernels, or runs steps of the benchmark.
 */
if (!ownerPort)
  throw new Error('trainer.js runs in a worker thread; start it through the extension or the command line.');
const measure = measureTask.safeParse(threadData);
const bench = benchTask.safeParse(threadData);
const check = checkTask.safeParse(threadData);
if (measure.success) ownerPort.postMessage(await measureHere(measure.data));
else if (check.success) ownerPort.postMessage(await checkHere(check.data));
else if (bench.success) await serveSteps(ownerPort, bench.data.bench);
else serve(ownerPort);

/** Serves the owner until it ends. A run in training then ends with a checkpoint. */
function serve(port: ThreadPort): void {
  const server = new TrainerServer(workerPort(port));
  port.on('message', (message) => {
    if (message === OWNER_ENDED) void server.end().finally(() => process.exit());
  });
}
