import type { Text } from '../phrases/phrase.ts';
import type { Sampling } from '../protocol/trainer.ts';
import { Questions } from './inspector/questions.ts';

/** Pending requests of the owner to a run. The run handles them between two steps. */
export class Control {
  /** Queries about the model, answered between two steps. */
  readonly questions = new Questions(() => this.#wakeUp());
  #paused = false;
  #stopped = false;
  #interruption: Text | undefined;
  #sample: Sampling | undefined;
  #isAwake = false;
  #wake: () => void = () => undefined;

  get paused(): boolean {
    return this.#paused && !this.#stopped;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Why the run ends as if it was stopped; undefined unless its owner is closing or has ended. */
  get interruption(): Text | undefined {
    return this.#interruption;
  }

  pause(): void {
    this.#paused = true;
    this.#wakeUp();
  }

  unpause(): void {
    this.#paused = false;
    this.#wakeUp();
  }

  stop(): void {
    this.#stopped = true;
    this.#wakeUp();
  }

  /** Stops the run because its owner is closing or has ended. */
  interrupt(because: Text): void {
    this.#interruption = because;
    this.stop();
  }

  requestSample(sampling: Sampling): void {
    this.#sample = sampling;
    this.#wakeUp();
  }

  /** Returns the requested sample once. */
  takeSampleRequest(): Sampling | undefined {
    const sample = this.#sample;
    this.#sample = undefined;
    return sample;
  }

  /** Resolves at the next request, or at once if there was one since it last resolved. */
  async nextRequest(): Promise<void> {
    if (!this.#isAwake) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isAwake = false;
  }

  #wakeUp(): void {
    this.#isAwake = true;
    this.#wake();
  }
}
