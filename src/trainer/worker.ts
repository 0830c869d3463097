import { parentPort } from 'node:worker_threads';
import { serveTrainer } from './serve.ts';
import { workerPort } from './workerPort.ts';

/** Entry of the worker thread that trains. */
if (!parentPort) throw new Error('trainer.js runs in a worker thread; start it through the extension or the command line.');
serveTrainer(workerPort(parentPort));
