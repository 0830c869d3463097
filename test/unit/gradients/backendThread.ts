import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import type { BirpcReturn } from 'birpc';
import type { Calculator } from './calculator.ts';

export type RemoteCalculator = BirpcReturn<Calculator, object>;

/** Thread or process in which a backend runs, separate from the tests. */
export interface BackendHost {
  readonly calculator: RemoteCalculator;
  stop(): Promise<void>;
}

/** The time limit of a call is that of its test. */
const WITHOUT_LIMIT = -1;

const entry = new URL('backendWorker.ts', import.meta.url);

/** Separate process, because Dawn aborts its process if a thread exits while a readback is pending. */
export class BackendProcess implements BackendHost {
  readonly calculator: RemoteCalculator;
  readonly #child = fork(fileURLToPath(entry), { serialization: 'advanced' });

  constructor() {
    this.calculator = createBirpc<Calculator, object>(
      {},
      {
        post: (message: object) => void this.#child.send(message),
        on: (listener) => void this.#child.on('message', listener),
        timeout: WITHOUT_LIMIT,
      },
    );
    this.#child.on('exit', (code, signal) =>
      this.calculator.$close(new Error(`The process of the backend ended: ${signal ?? code}`)),
    );
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

/** Thread with a separate TensorFlow.js, so that a backend is only active there. */
export class BackendThread implements BackendHost {
  readonly calculator: RemoteCalculator;
  readonly #worker: Worker;

  constructor() {
    const worker = new Worker(entry);
    this.#worker = worker;
    this.calculator = createBirpc<Calculator, object>(
      {},
      {
        post: (message) => worker.postMessage(message),
        on: (listener) => worker.on('message', listener),
        timeout: WITHOUT_LIMIT,
      },
    );
    worker.on('error', (error) => this.calculator.$close(error));
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
