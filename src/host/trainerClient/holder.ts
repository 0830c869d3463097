import type { Port } from '../../protocol/rpc.ts';
import type { FoundNode } from './findNode.ts';

/** What holds a trainer's thread: a child process, or the extension host itself. */
export interface TrainerHolder {
  readonly port: Port;
  /** Process that the thread belongs to; undefined when it could not be started, or has not yet. */
  readonly pid: number | undefined;
  /** Called once, when the thread is gone, with the reason in words. */
  onGone(listener: (reason: string) => void): void;
  /** Ends the thread without asking it. */
  kill(): void;
}

/** How a trainer is started. */
export interface TrainerOptions {
  /** Which process holds the thread that trains. */
  readonly isolation: 'process' | 'host';
  /** The folder of the built programs, where trainer.js and trainerProcess.js lie. */
  readonly programs: string;
  /** Threads for native backends; 0 lets them choose. */
  readonly threads: number;
  /** Looks for the Node that runs a process of its own; left out, the owner's runs it. */
  readonly findNode?: (() => Promise<FoundNode>) | undefined;
  /** Hears what the trainer writes to its standard streams. */
  readonly onOutput: (text: string) => void;
}

/**
 * How a trainer is started, as the settings are now.
 * @param backend the one that it is to load, where that is known
 */
export type StartOptions = (threads: number, backend?: string) => TrainerOptions;
