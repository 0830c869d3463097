import { performance } from 'node:perf_hooks';

/** Seconds of training: pauses are left out, earlier parts of a resumed run count. */
export class Stopwatch {
  #before: number;
  #since: number | undefined;

  constructor(secondsBefore: number) {
    this.#before = secondsBefore;
    this.start();
  }

  get seconds(): number {
    return this.#before + (this.#since === undefined ? 0 : (performance.now() - this.#since) / 1000);
  }

  start(): void {
    this.#since ??= performance.now();
  }

  /** @returns whether it was running */
  stop(): boolean {
    const wasRunning = this.#since !== undefined;
    this.#before = this.seconds;
    this.#since = undefined;
    return wasRunning;
  }
}
