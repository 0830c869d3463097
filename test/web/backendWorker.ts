/** Worker of a browser that runs a calculator. */
import { createBirpc } from 'birpc';
import { type Calculator, newCalculator } from '../unit/gradients/calculator.ts';
import { mountKernels, scope } from './answerCall.ts';

mountKernels();
createBirpc<object, Calculator>(newCalculator(false), {
  post: (message: object) => scope.postMessage(message),
  on: (listener) => scope.addEventListener('message', ({ data }) => void listener(data)),
});
