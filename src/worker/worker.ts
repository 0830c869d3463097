import { parentPort, workerData } from 'node:worker_threads';
import { serveSteps } from './bench/serve.ts';
import { benchTask } from './bench/task.ts';
import { checkHere, checkTask } from './check.ts';
import { measureHere, measureTask } from './measure.ts';
import { TrainerServer } from './trainerServer.ts';
import { workerPort } from './workerPort.ts';

/**
 * Entry of a worker thread: it trains, times one step and is thrown away, checks kernels, or does steps for the
 * benchmark.
 */
if (!parentPort)
  throw new Error('trainer.js runs in a worker thread; start it through the extension or the command line.');
const measure = measureTask.safeParse(workerData);
const bench = benchTask.safeParse(workerData);
const check = checkTask.safeParse(workerData);
if (measure.success) parentPort.postMessage(await measureHere(measure.data));
else if (check.success) parentPort.postMessage(await checkHere(check.data));
else if (bench.success) await serveSteps(parentPort, bench.data.bench);
else new TrainerServer(workerPort(parentPort));
