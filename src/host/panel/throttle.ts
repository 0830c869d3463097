/** Calls a function at most once per interval. */
export class Throttle {
  readonly #interval: number;
  readonly #work: () => void;
  #timer: NodeJS.Timeout | undefined;
  #calledAt = -Infinity;

  /** @param interval milliseconds between two calls */
  constructor(interval: number, work: () => void) {
    this.#interval = interval;
    this.#work = work;
  }

  /** Calls the function as soon as the interval allows. */
  request(): void {
    this.#timer ??= setTimeout(() => this.call(), Math.max(0, this.#calledAt + this.#interval - performance.now()));
  }

  /** Calls the function now, whenever the last call was. */
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
}
