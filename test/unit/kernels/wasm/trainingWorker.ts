/** Thread that trains a small model on the WebAssembly kernels and posts its losses. */
import { parentPort, workerData } from 'node:worker_threads';
import { type TrainingTask, trainingLosses } from './trainingLosses.ts';

parentPort?.postMessage(await trainingLosses(workerData as TrainingTask));
