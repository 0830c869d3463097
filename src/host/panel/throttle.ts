import type { Disposable } from '../disposables.ts';

/** Calls a function at most once per interval, on request. */
export class Throttle implements Disposable {
  readonly #interval: number;
  readonly #work: () => void;
  #timer: NodeJS.Timeout | undefined;
  #calledAt = -Infinity;
  #isDisposed = false;

  /** @param interval milliseconds between two calls */
  constructor(interval: number, work: () => void) {
    this.#interval = interval;
    this.#work = work;
  }

  /** Calls the function as soon as the interval allows. */
  request(): void {
    if (this.#isDisposed) return;
    this.#timer ??= setTimeout(() => this.call(), Math.max(0, this.#calledAt + this.#interval - performance.now()));
  }

  /** Calls the function now, whenever the last call was; also after disposal. */
  call(): void {
    this.cancel();
    this.#calledAt = performance.now();
    this.#work();
  }

  /** Cancels the requested call. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Cancels the requested call, and accepts no further request. */
  dispose(): void {
    this.#isDisposed = true;
    this.cancel();
  }
}
