import type { Disposable } from '../disposables.ts';

export interface SettledOptions<T> {
  /** Milliseconds without a request after which the work begins. */
  readonly delay: number;
  readonly work: () => Promise<T>;
  /** Hears the result, unless a newer request or `cancel` has made it stale. */
  readonly done: (result: T) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Work that follows something which moves, such as a cursor: it begins when requests have settled, and what
 * comes of it is dropped where a newer request has overtaken it.
 */
export class Settled<T> implements Disposable {
  readonly #options: SettledOptions<T>;
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  constructor(options: SettledOptions<T>) {
    this.#options = options;
  }

  /**
   * The work is wanted, from what holds when it begins.
   * @param delay where this request is to settle for longer than usual
   */
  request(delay = this.#options.delay): void {
    this.cancel();
    this.#timer = setTimeout(() => void this.#begin(this.#turn), delay);
  }

  /** Nothing is wanted any more; what is on its way is dropped. */
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
