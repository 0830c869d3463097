import type { ChildProcess } from 'node:child_process';
import type * as z from 'zod';
import { TENSORFLOW_THREADS } from '../backends/tensorflow.ts';
import { phrase, PhrasedError, sentences } from '../phrases/phrase.ts';
import { processPort, startProcess } from '../platform/threads.ts';
import { classifierContract, type classifierTask } from '../protocol/classifier.ts';
import type { RunEvent } from '../protocol/events.ts';
import { connect, type Connection, type ConnectOptions, type Contract, type Remote } from '../protocol/rpc.ts';
import { ownerContract, trainerContract } from '../protocol/trainer.ts';
import { processEntry } from '../worker/workerThread.ts';

interface ThreadOptions {
  /** Threads of native backends; 0 lets them choose. */
  readonly threads: number;
  /** Start data of the thread; omitted: it trains. */
  readonly task?: Readonly<Record<string, unknown>>;
}

type Ends<Served extends Contract, Called extends Contract> = Omit<ConnectOptions<Served, Called>, 'port' | 'onError'>;

/** Characters of the standard error of a process that explain its end. */
const KEPT = 2000;

/** A process that contains a trainer's thread. If this process is killed, a run in it ends with a checkpoint. */
class ThreadProcess<Served extends Contract, Called extends Contract> {
  /** Rejects when the process has ended, with the reason, and when a message cannot be read. */
  readonly death: Promise<never>;
  readonly #child: ChildProcess;
  readonly #connection: Connection<Called>;
  /** Resolves when the process has ended, or could not be started. */
  readonly #exit: Promise<void>;

  constructor(ends: Ends<Served, Called>, { threads, task }: ThreadOptions) {
    this.#child = startProcess(processEntry, task ? [JSON.stringify(task)] : [], {
      serialization: 'advanced',
      execArgv: [],
      // Ctrl+C in a terminal interrupts its process group; here this process stops the run, with its checkpoint.
      detached: process.platform !== 'win32',
      env: {
        TF_CPP_MIN_LOG_LEVEL: '2',
        ...process.env,
        ...(threads > 0 && { [TENSORFLOW_THREADS]: String(threads) }),
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let exit: () => void = () => undefined;
    this.#exit = new Promise((resolve) => (exit = resolve));
    this.#child.once('exit', exit);
    let output = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-KEPT)));
    let die: (reason: Error) => void = () => undefined;
    this.death = new Promise((_, reject) => (die = reject));
    // Nobody may wait for it.
    this.death.catch(() => undefined);
    this.#connection = connect({ port: processPort(this.#child), ...ends, onError: (error) => die(error) });
    const end = (reason: Error) => {
      die(reason);
      this.#connection.close(reason);
    };
    this.#child.on('close', (code, signal) => {
      const ending = phrase("The trainer's process ended ({0}).", String(signal ?? code));
      end(new PhrasedError(sentences(ending, output.trim())));
    });
    // A process that could not be started has no `exit`; other errors are those of a message.
    this.#child.on('error', (error) => {
      if (this.#child.pid !== undefined) return;
      end(new PhrasedError(phrase("The trainer's process could not be started: {0}.", error.message)));
      exit();
    });
  }

  get remote(): Remote<Called> {
    return this.#connection.remote;
  }

  /** Ends the process once the files of a run in it are closed. A run that it still prepares does not begin. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#exit;
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

interface TrainerListeners {
  readonly onEvent?: (event: RunEvent) => void;
  readonly onInspected?: ((share: number) => void) | undefined;
}

/** A process that trains one run, or answers questions about stored ones. */
export class TrainerProcess extends ThreadProcess<typeof ownerContract, typeof trainerContract> {
  /** Resolves when the run has ended. @throws the reason why it failed, or why the process ended */
  readonly ended: Promise<void>;

  constructor(threads: number, { onEvent, onInspected }: TrainerListeners = {}) {
    let end: () => void = () => undefined;
    let fail: (reason: Error) => void = () => undefined;
    const ended = new Promise<void>((resolve, reject) => ([end, fail] = [resolve, reject]));
    const functions: Ends<typeof ownerContract, typeof trainerContract>['functions'] = {
      events: (events) => {
        for (const event of events) {
          onEvent?.(event);
          if (event.event === 'end') end();
        }
      },
      failed: ({ message }) => fail(new PhrasedError(message)),
      generated: () => undefined,
      inspected: (share) => onInspected?.(share),
    };
    super({ serves: ownerContract, functions, calls: trainerContract }, { threads });
    this.ended = Promise.race([ended, this.death]);
    // The caller may have an error of the call that starts the run.
    this.ended.catch(() => undefined);
  }
}

const NOTHING_SERVED = {} as const;

/** A process that classifies texts. */
export class ClassifierProcess extends ThreadProcess<typeof NOTHING_SERVED, typeof classifierContract> {
  constructor() {
    const task: z.input<typeof classifierTask> = { serve: 'classifier' };
    super({ serves: NOTHING_SERVED, functions: {}, calls: classifierContract }, { threads: 0, task });
  }
}
