import type { Sampling } from '../protocol/trainer.ts';

/** What the owner has asked of a run and the loop has not yet done. The loop looks between two steps. */
export class Control {
  #paused = false;
  #stopped = false;
  #sample: Sampling | undefined;
  #wake: () => void = () => undefined;

  get paused(): boolean {
    return this.#paused && !this.#stopped;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  pause(): void {
    this.#paused = true;
    this.#wake();
  }

  unpause(): void {
    this.#paused = false;
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  requestSample(sampling: Sampling): void {
    this.#sample = sampling;
    this.#wake();
  }

  /** The sample that is asked for, handed out once. */
  takeSampleRequest(): Sampling | undefined {
    const sample = this.#sample;
    this.#sample = undefined;
    return sample;
  }

  /** Resolves at the next request. */
  async nextRequest(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
