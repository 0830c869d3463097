import { ownerPort, threadData } from '../platform/threads.ts';
import { serveSteps } from './bench/serve.ts';
import { benchTask } from './bench/task.ts';
import { checkHere, checkTask } from './check.ts';
import { measureHere, measureTask } from './measure.ts';
import { TrainerServer } from './trainerServer.ts';
import { workerPort } from './workerThread.ts';

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
else new TrainerServer(workerPort(ownerPort));
