import type { Sampling } from '../protocol/trainer.ts';
import { Questions } from './inspector/questions.ts';

/** Pending requests of the owner to a run. The run handles them between two steps. */
export class Control {
  /** Queries about the model, answered between two steps. */
  readonly questions = new Questions(() => this.#rouse());
  #paused = false;
  #stopped = false;
  #sample: Sampling | undefined;
  #isRoused = false;
  #wake: () => void = () => undefined;

  get paused(): boolean {
    return this.#paused && !this.#stopped;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  pause(): void {
    this.#paused = true;
    this.#rouse();
  }

  unpause(): void {
    this.#paused = false;
    this.#rouse();
  }

  stop(): void {
    this.#stopped = true;
    this.#rouse();
  }

  requestSample(sampling: Sampling): void {
    this.#sample = sampling;
    this.#rouse();
  }

  /** Returns the requested sample once. */
  takeSampleRequest(): Sampling | undefined {
    const sample = this.#sample;
    this.#sample = undefined;
    return sample;
  }

  /** Resolves at the next request, or at once if there was one since it last resolved. */
  async nextRequest(): Promise<void> {
    if (!this.#isRoused) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isRoused = false;
  }

  #rouse(): void {
    this.#isRoused = true;
    this.#wake();
  }
}
