import type { Port } from '../../protocol/rpc.ts';

/** What holds a trainer's thread: a child process, or the extension host itself. */
export interface TrainerHolder {
  readonly port: Port;
  /** Process that the thread belongs to; undefined when it could not be started. */
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
  /** Hears what the trainer writes to its standard streams. */
  readonly onOutput: (text: string) => void;
}
