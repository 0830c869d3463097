import type { ProgramOptions, ProgramResult } from '../threads.ts';
import { basename } from './path.ts';
import { browser, type BrowserWorker, scope } from './browser.ts';
import { holdLock } from './holdLock.ts';
import { mountProduct, type ProductFiles, productFiles } from './product.ts';

/** As `src/platform/threads.ts`, in a worker of a browser. Processes do not exist. */

/** The first message to a worker: what it runs, on what data, and the files of the product that it may read. */
export interface WorkerStart {
  /** Name of the bundle of the same program for Node, such as `trainer.js`. */
  readonly program: string;
  readonly data?: unknown;
  readonly files: ProductFiles;
  /** Name of a Web Lock that the worker holds as long as it lives. */
  readonly life: string;
}

/** Message of a worker that holds its lock. */
const ALIVE = 'sequence-lab worker lives';

type Listener = (value: never) => void;

/** Calls listeners by the name of an event, as an emitter of Node does. */
class Emitter {
  readonly #listeners = new Map<string, Set<Listener>>();

  on(event: string, listener: Listener): this {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return this;
  }

  once(event: string, listener: Listener): this {
    const once = (value: never) => {
      this.#listeners.get(event)?.delete(once);
      listener(value);
    };
    return this.on(event, once);
  }

  removeAllListeners(event: string): this {
    this.#listeners.delete(event);
    return this;
  }

  protected emit(event: string, value: unknown): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(value as never);
  }
}

class WebThread extends Emitter {
  readonly #worker: BrowserWorker;
  readonly #life: string;
  #end: Promise<void> | undefined;

  /** @param life the lock that the worker holds */
  constructor(worker: BrowserWorker, life: string) {
    super();
    this.#worker = worker;
    this.#life = life;
    worker.addEventListener('message', ({ data }) => {
      if (data === ALIVE) void this.#ended();
      else this.emit('message', data);
    });
    worker.addEventListener('error', ({ message }) => this.emit('error', new Error(message ?? 'The worker failed.')));
  }

  postMessage(message: unknown): void {
    this.#worker.postMessage(message);
  }

  /**
   * Ends the worker, and resolves when it has ended: Chromium lets one that computes go on for up to 2 s, in which it can
   * write files and holds the lock of its run.
   */
  async terminate(): Promise<number> {
    this.#worker.terminate();
    await this.#ended();
    return 1;
  }

  /** Waits for the end, which a browser does not report: it gives the lock of the worker to the next that requests it. */
  async #ended(): Promise<void> {
    this.#end ??= browser()
      .locks.request(this.#life, async () => Promise.resolve())
      .then(() => this.emit('exit', 1));
    return this.#end;
  }

  /** A worker of a browser keeps nothing alive. */
  unref(): void {
    return undefined;
  }
}

class OwnerPort extends Emitter {
  /** Messages that came before there was a listener; undefined afterwards. */
  #early: unknown[] | undefined = [];

  constructor() {
    super();
    scope.addEventListener('message', ({ data }) => {
      if (this.#early) this.#early.push(data);
      else this.emit('message', data);
    });
  }

  override on(event: string, listener: Listener): this {
    super.on(event, listener);
    const early = event === 'message' ? this.#early : undefined;
    if (early) this.#early = undefined;
    for (const message of early ?? []) this.emit(event, message);
    return this;
  }

  postMessage(message: unknown): void {
    scope.postMessage(message);
  }
}

export let ownerPort: OwnerPort | null = null;
export let threadData: unknown;

/** Waits for the start of this worker, and makes its data and files known to the platform. */
export async function receiveStart(): Promise<WorkerStart> {
  const start = await new Promise<WorkerStart>((resolve) => {
    const receive = ({ data }: { readonly data: unknown }) => {
      scope.removeEventListener('message', receive);
      resolve(data as WorkerStart);
    };
    scope.addEventListener('message', receive);
  });
  mountProduct(start.files);
  threadData = start.data;
  // Before anything is awaited: it keeps the messages that come meanwhile.
  ownerPort = new OwnerPort();
  await holdLock(start.life);
  scope.postMessage(ALIVE);
  return start;
}

export function endThread(): void {
  scope.close();
}

/**
 * Starts a worker.
 * @param script address of the bundle of the workers, `web/trainer.js`
 */
export function startWorker(script: string, given: Omit<WorkerStart, 'life'>, name = given.program): WebThread {
  if (!scope.Worker) throw new Error('This browser starts no worker from a worker.');
  const worker = new scope.Worker(script, { name });
  const start: WorkerStart = { ...given, life: `sequence-lab worker ${crypto.randomUUID()}` };
  worker.postMessage(start);
  return new WebThread(worker, start.life);
}

/** Address of the bundle of the workers, which this worker runs, too, unless its owner says otherwise. */
let script = scope.location?.href ?? '';

/** Says where the bundle of the workers is. */
export function setWorkerScript(address: string): void {
  script = address;
}

/** Starts a program of the bundle of the workers. */
export function startThread(program: URL, options: { workerData?: unknown; name?: string } = {}): WebThread {
  const start = { program: basename(program.pathname), data: options.workerData, files: productFiles() };
  return startWorker(script, start, options.name);
}

export async function nextMessage(thread: WebThread): Promise<unknown> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

const NO_PROCESSES = 'A browser starts no processes.';

export function startProcess(): never {
  throw new Error(NO_PROCESSES);
}

export function processPort(): never {
  throw new Error(NO_PROCESSES);
}

/** As on a computer without the program. */
export async function runProgram(
  _program: string,
  _args: readonly string[],
  _options: ProgramOptions,
): Promise<ProgramResult> {
  return Promise.resolve({ output: '', errors: NO_PROCESSES, failed: true, missing: true, timedOut: false });
}

export function outputOf(): never {
  throw new Error(NO_PROCESSES);
}
