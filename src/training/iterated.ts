import * as z from 'zod';
import type { NamedTensor } from '../models/weights.ts';
import type { TrainingLoop } from './trainingTask.ts';
import type { Update } from './update.ts';

const stateSchema = z.object({ iterations: z.int().nonnegative() });

/** A model that is fitted to all of its data at once, in one step or in several. The same data gives the same steps. */
export interface Fitting {
  /** Items that a step looks at. */
  readonly items: number;
  /** Begins anew, and yields the loss after each step; ends when there is nothing left to do. */
  run(): Iterator<FittingStep, void>;
}

export interface FittingStep {
  /** Mean loss over the training data, in the unit of the task. */
  readonly loss: number;
  /** Norm of the gradient; NaN where nothing is differentiated. */
  readonly gradientNorm: number;
}

/** Steps with the last of them known as such, for which the step after each is looked for ahead. */
function* withLast(
  steps: Iterator<FittingStep, void>,
): Generator<FittingStep & { readonly isLast: boolean }, void, void> {
  let here = steps.next();
  while (!here.done) {
    const next = steps.next();
    yield { ...here.value, isLast: next.done === true };
    here = next;
  }
}

/**
 * Trains what is counted or fitted as a whole: hidden Markov models, naive Bayes, networks by a quasi-Newton method.
 * What these methods remember of earlier steps is not stored: a resumed run takes its steps again.
 */
export class Iterated implements TrainingLoop {
  readonly #fitting: Fitting;
  #steps: ReturnType<typeof withLast>;
  #iterations = 0;
  #done = false;

  constructor(fitting: Fitting) {
    this.#fitting = fitting;
    this.#steps = withLast(fitting.run());
  }

  get itemsPerStep(): number {
    return this.#fitting.items;
  }

  get done(): boolean {
    return this.#done;
  }

  step(): Promise<Update> {
    const next = this.#steps.next();
    if (next.done) throw new Error('There is nothing left to fit.');
    this.#iterations++;
    const { loss, gradientNorm, isLast } = next.value;
    this.#done = isLast;
    return Promise.resolve({ loss, gradientNorm, clippedGradientNorm: gradientNorm });
  }

  get state(): z.input<typeof stateSchema> {
    return { iterations: this.#iterations };
  }

  tensors(): Promise<NamedTensor[]> {
    return Promise.resolve([]);
  }

  restore(state: unknown): void {
    const { iterations } = stateSchema.parse(state);
    this.#steps = withLast(this.#fitting.run());
    this.#iterations = 0;
    this.#done = false;
    for (let step = 0; step < iterations; step++) void this.step();
  }

  dispose(): void {
    // Nothing of it is on a backend.
  }
}
