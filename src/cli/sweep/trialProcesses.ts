import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { TENSORFLOW_THREADS } from '../../backends/tensorflow.ts';
import { phrase, PhrasedError, sentences } from '../../phrases/phrase.ts';
import { disk } from '../../platform/files.ts';
import { processPort, startProcess } from '../../platform/threads.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { connect, type Connection } from '../../protocol/rpc.ts';
import { type BackendOptions, ownerContract, trainerContract } from '../../protocol/trainer.ts';
import type { TrialTrainer } from '../../sweeps/runSweep.ts';
import { type TrialJob, trialRequest } from '../../sweeps/trials/trialJob.ts';
import { unlocked } from '../../sweeps/trials/unlocked.ts';
import { processEntry } from '../../worker/workerThread.ts';

interface ProcessOptions {
  readonly backends: BackendOptions;
  /** Threads of the backend of each trial, unless its configuration sets them. */
  readonly threads: number;
  /** Receives what a trial reports. */
  readonly onEvent: (trial: number, event: RunEvent) => void;
}

/** Characters of the standard error of a process that explain its end. */
const KEPT = 2000;

/**
 * Trains each trial in its own process: a backend keeps its threads for the life of a process, and a trial that uses up
 * the memory ends no other. If this process is killed, each of them ends its run with a checkpoint.
 */
export class TrialProcesses implements TrialTrainer {
  readonly #options: ProcessOptions;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  async train(job: TrialJob, signal: AbortSignal): Promise<undefined> {
    const { backends, threads, onEvent } = this.#options;
    const { call, request } = await trialRequest(job, backends, threads, disk);
    const trainer = new TrialProcess(job.config.threads || threads, (event) => onEvent(job.trial, event));
    const stop = () => void trainer.remote.stop().catch(() => undefined);
    try {
      const begin = async () => (call === 'start' ? trainer.remote.start(request) : trainer.remote.resume(request));
      await unlocked(begin, signal);
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      await trainer.ended;
    } finally {
      signal.removeEventListener('abort', stop);
      await trainer.close();
    }
  }
}

/** A process that trains one run. */
class TrialProcess {
  /** Resolves when the run has ended. @throws the reason why it failed, or why the process ended */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #connection: Connection<typeof trainerContract>;
  readonly #exit: Promise<unknown>;

  constructor(threads: number, onEvent: (event: RunEvent) => void) {
    this.#child = startProcess(processEntry, [], {
      serialization: 'advanced',
      execArgv: [],
      // Ctrl+C in a terminal interrupts its process group; here this process stops the run, with its checkpoint.
      detached: process.platform !== 'win32',
      env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env, [TENSORFLOW_THREADS]: String(threads) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const ended = deferred();
    this.ended = ended.promise;
    // The caller may have an error of the call that starts the run.
    ended.promise.catch(() => undefined);
    this.#exit = once(this.#child, 'exit');
    let output = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-KEPT)));
    this.#connection = connect({
      port: processPort(this.#child),
      serves: ownerContract,
      functions: {
        events: (events) => {
          for (const event of events) {
            onEvent(event);
            if (event.event === 'end') ended.resolve();
          }
        },
        failed: ({ message }) => ended.reject(new PhrasedError(message)),
        generated: () => undefined,
        inspected: () => undefined,
      },
      calls: trainerContract,
      onError: (error) => ended.reject(error),
    });
    this.#child.on('close', (code, signal) => {
      const ending = phrase("The trainer's process ended ({0}).", String(signal ?? code));
      const death = new PhrasedError(sentences(ending, output.trim()));
      ended.reject(death);
      this.#connection.close(death);
    });
  }

  get remote(): Connection<typeof trainerContract>['remote'] {
    return this.#connection.remote;
  }

  /** Ends the process once the files of the run are closed. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#exit;
  }
}

/** A promise that its owner settles. */
function deferred(): { readonly promise: Promise<void>; resolve(): void; reject(reason: Error): void } {
  let settle: { resolve(): void; reject(reason: Error): void } | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, resolve: () => settle?.resolve(), reject: (reason) => settle?.reject(reason) };
}
