import { createBirpc } from 'birpc';
import type { BackendHost, RemoteCalculator } from '../unit/gradients/backendThread.ts';
import type { Calculator } from '../unit/gradients/calculator.ts';
import type { BrowserWorkers, PageWorker } from './browserWorkers.ts';
import { testOptions } from './unitInChromium.ts';

/** The time limit of a call is that of its test. */
const WITHOUT_LIMIT = -1;

/** Worker of a browser in which a backend runs. */
export class BrowserBackend implements BackendHost {
  readonly calculator: RemoteCalculator;
  readonly #worker: PageWorker;

  static async start(workers: BrowserWorkers): Promise<BrowserBackend> {
    const script = await workers.script('test/web/backendWorker.ts', testOptions);
    let receive: (message: unknown) => void = () => undefined;
    let fail: (reason: string) => void = () => undefined;
    const worker = await workers.start(
      script,
      (message) => receive(message),
      (reason) => fail(reason),
    );
    const calculator = createBirpc<Calculator, object>(
      {},
      {
        post: (message: object) => worker.post(message),
        on: (listener) => {
          receive = listener;
        },
        timeout: WITHOUT_LIMIT,
      },
    );
    fail = (reason) => calculator.$close(new Error(reason));
    return new BrowserBackend(worker, calculator);
  }

  private constructor(worker: PageWorker, calculator: RemoteCalculator) {
    this.#worker = worker;
    this.calculator = calculator;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
