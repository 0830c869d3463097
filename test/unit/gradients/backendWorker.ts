/** Thread or process that runs a calculator. */
import { parentPort } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import { type Calculator, newCalculator } from './calculator.ts';

createBirpc<object, Calculator>(newCalculator(parentPort === null), {
  post: (message: object) => (parentPort ? parentPort.postMessage(message) : process.send?.(message)),
  on: (listener) => (parentPort ?? process).on('message', listener),
});
