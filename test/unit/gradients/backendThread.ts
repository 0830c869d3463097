import { Worker } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import type { BirpcReturn } from 'birpc';
import type { Calculator } from './backendWorker.ts';

export type RemoteCalculator = BirpcReturn<Calculator, object>;

/** A thread with a TensorFlow.js of its own, so that a backend is on in it and nowhere else. */
export class BackendThread {
  readonly calculator: RemoteCalculator;
  readonly #worker: Worker;

  constructor() {
    const worker = new Worker(new URL('backendWorker.ts', import.meta.url));
    this.#worker = worker;
    this.calculator = createBirpc<Calculator, object>({}, {
      post: (message) => worker.postMessage(message),
      on: (listener) => worker.on('message', listener),
    });
    worker.on('error', (error) => this.calculator.$close(error));
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
