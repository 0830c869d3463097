import * as z from 'zod';
import type { NamedTensor } from '../models/weights.ts';
import type { TrainingLoop } from './trainingTask.ts';
import type { Update } from './update.ts';

const stateSchema = z.object({ iterations: z.int().nonnegative() });

/** Deterministic fit of a model to its full training data, in one or more steps. */
export interface Fitting {
  /** Number of items per step. */
  readonly items: number;
  /** Starts the fit from the beginning and yields the result of each step, until the fit is complete. */
  run(): Iterator<FittingStep, void>;
}

export interface FittingStep {
  /** Mean loss over the training data, in the unit of the task. */
  readonly loss: number;
  /** Norm of the gradient; NaN for methods without a gradient. */
  readonly gradientNorm: number;
}

/** Marks the last step, by computing one step ahead. */
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
 * Training loop of models that are fitted to the full data: hidden Markov models, naive Bayes, networks with a
 * quasi-Newton method. The state of these methods is not stored: a resumed run repeats its steps.
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
    if (next.done) throw new Error('The fit is complete; there are no more steps.');
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
    // Holds no tensors.
  }
}
