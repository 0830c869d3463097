/** A thread that runs the product's own kernels, layers and training on the backend that the test asks for. */
import { parentPort } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import { createBirpc } from 'birpc';
import { BackendUnavailableError } from '../../../src/backends/backend.ts';
import { backendNamed } from '../../../src/backends/registry.ts';
import { labHome } from '../../../src/runs/home.ts';
import { layers } from './layerCalculator.ts';
import { lossAndGradients, train } from './modelCalculator.ts';
import { sequence } from './sequenceCalculator.ts';

const calculator = {
  /** @returns why the backend cannot be used here, or nothing once it computes. */
  async load(name: string): Promise<string | undefined> {
    try {
      await backendNamed(name).load({ home: labHome(), tensorflowPath: '' });
      return undefined;
    } catch (error) {
      if (error instanceof BackendUnavailableError) return error.message;
      throw error;
    }
  },

  /** Which of these kernels the backend does not have. */
  lacks(kernels: readonly string[]): string[] {
    return kernels.filter((kernel) => !tf.getKernel(kernel, tf.getBackend()));
  },

  sequence,
  layers,
  lossAndGradients,
  train,
};

export type Calculator = typeof calculator;

const port = parentPort;
if (!port) throw new Error('This module is the entry of a worker thread.');
createBirpc<object, Calculator>(calculator, {
  post: (message) => port.postMessage(message),
  on: (listener) => port.on('message', listener),
});
