import type { Disposable } from '../disposables.ts';

export interface DebouncedOptions<T> {
  /** Milliseconds without a request after which the work starts. */
  readonly delay: number;
  readonly work: () => Promise<T>;
  /** Receives the result, unless a newer request or `cancel` made it stale. */
  readonly done: (result: T) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Debounced asynchronous work, for example on cursor moves: it starts when no request came for a while, and its result
 * is dropped if a newer request came in the meantime.
 */
export class Debounced<T> implements Disposable {
  readonly #options: DebouncedOptions<T>;
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  constructor(options: DebouncedOptions<T>) {
    this.#options = options;
  }

  /**
   * Schedules the work, which reads its input when it starts.
   * @param delay milliseconds, for a request that should wait longer than usual
   */
  request(delay = this.#options.delay): void {
    this.cancel();
    this.#timer = setTimeout(() => void this.#begin(this.#turn), delay);
  }

  /** Cancels the scheduled work and drops the result of work in progress. */
  cancel(): void {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  dispose(): void {
    this.cancel();
  }

  async #begin(turn: number): Promise<void> {
    const { work, done, failed } = this.#options;
    try {
      const result = await work();
      if (turn === this.#turn) done(result);
    } catch (error) {
      if (turn === this.#turn) failed(error);
    }
  }
}
