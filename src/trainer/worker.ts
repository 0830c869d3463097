import { parentPort, workerData } from 'node:worker_threads';
import { measureHere, measureTask } from './measure.ts';
import { serveTrainer } from './serve.ts';
import { workerPort } from './workerPort.ts';

/** Entry of a worker thread: it trains, or times one step and is thrown away. */
if (!parentPort) throw new Error('trainer.js runs in a worker thread; start it through the extension or the command line.');
const task = measureTask.safeParse(workerData);
if (task.success) parentPort.postMessage(await measureHere(task.data));
else serveTrainer(workerPort(parentPort));
