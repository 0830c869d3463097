import type { Text } from '../../phrases/phrase.ts';
import type { Port } from '../../protocol/rpc.ts';
import type { FoundNode } from './findNode.ts';

/** The process that contains a trainer's thread: a child process, or the extension host itself. */
export interface TrainerHolder {
  readonly port: Port;
  /** The pid of the process; undefined if it is not started or could not be. */
  readonly pid: number | undefined;
  /** Registers a listener that is called once, when the thread has ended, with the reason as a message. */
  onExit(listener: (reason: Text) => void): void;
  /** Ends the thread at once. */
  kill(): void;
}

/** Options for starting a trainer. */
export interface TrainerOptions {
  /** The process that contains the training thread. */
  readonly isolation: 'process' | 'host';
  /** The folder of the built programs trainer.js and trainerProcess.js. */
  readonly programs: string;
  /** Folder in which the process stores the code that it compiles, for the next one; omitted: it stores none. */
  readonly codeCache?: string;
  /** Number of threads for native backends; 0 lets them choose. */
  readonly threads: number;
  /** Start data of the thread; omitted: it trains. */
  readonly task?: Readonly<Record<string, unknown>>;
  /** Searches for the Node that runs the child process; if undefined, the owner's runs it. */
  readonly findNode?: (() => Promise<FoundNode>) | undefined;
  /** Receives the trainer's standard output and standard error. */
  readonly onOutput: (text: string) => void;
}

/**
 * Options for starting a trainer under the current settings.
 * @param backend the backend that the trainer will load, if known
 */
export type StartOptions = (threads: number, backend?: string) => TrainerOptions;
