import type { RemoteTrainer } from '../../protocol/trainer.ts';
import type { Disposable } from '../disposables.ts';
import type { TrainerOptions } from './holder.ts';
import { TrainerClient } from './trainerClient.ts';
import { PhrasedError } from '../../phrases/phrase.ts';

export interface WarmTrainerOptions {
  readonly trainerOptions: () => TrainerOptions;
  readonly onError: (error: Error) => void;
}

/** Idle time after which the trainer is ended, in milliseconds. Starting it again takes about a second. */
const IDLE_MS = 5 * 60_000;

/** Keeps one trainer for requests that follow each other, so that only the first one waits for its start. */
export class WarmTrainer implements Disposable {
  readonly #options: WarmTrainerOptions;
  #trainer: TrainerClient | undefined;
  #waiting = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: WarmTrainerOptions) {
    this.#options = options;
  }

  /** Runs a request. @throws the error of the request, or TrainerDeath */
  async ask<T>(question: (remote: RemoteTrainer) => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    this.#waiting++;
    try {
      return await question((this.#trainer ??= this.#start()).remote);
    } finally {
      this.#waiting--;
      if (this.#waiting === 0 && this.#trainer) this.#idle = setTimeout(() => this.dispose(), IDLE_MS);
    }
  }

  /** Ends the trainer; the next request starts another. */
  dispose(): void {
    clearTimeout(this.#idle);
    const trainer = this.#trainer;
    this.#trainer = undefined;
    trainer?.dispose().catch(this.#options.onError);
  }

  #start(): TrainerClient {
    const { trainerOptions, onError } = this.#options;
    const trainer = TrainerClient.start(trainerOptions(), {
      events: () => undefined,
      failed: ({ message }) => onError(new PhrasedError(message)),
      generated: () => undefined,
      inspected: () => undefined,
      // The pending requests were rejected with the same reason.
      died: () => {
        if (this.#trainer === trainer) this.#trainer = undefined;
      },
      error: onError,
    });
    return trainer;
  }
}
