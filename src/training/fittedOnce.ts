import * as z from 'zod';
import type { NamedTensor } from '../models/weights.ts';
import type { StepResult, Trainer } from './trainingTask.ts';

const stateSchema = z.object({ fitted: z.boolean() });

/** A model of counts, which one pass over the data fits. */
export interface Countable {
  /** Counts all of the training data. The same data gives the same model. */
  fit(): void;
  /** Mean loss over the training data, in the unit of the task. */
  trainingLoss(): number;
  /** What was counted. */
  readonly items: number;
}

/**
 * Trains what is counted: one step, after which there is nothing left to do. There is no gradient, so its norms are not
 * numbers; a resumed run counts again.
 */
export class FittedOnce implements Trainer {
  readonly #model: Countable;
  #fitted = false;

  constructor(model: Countable) {
    this.#model = model;
  }

  get itemsPerStep(): number {
    return this.#model.items;
  }

  get done(): boolean {
    return this.#fitted;
  }

  step(): Promise<StepResult> {
    this.#fit();
    return Promise.resolve({ loss: this.#model.trainingLoss(), gradNorm: NaN, clippedNorm: NaN });
  }

  get state(): z.input<typeof stateSchema> {
    return { fitted: this.#fitted };
  }

  tensors(): Promise<NamedTensor[]> {
    return Promise.resolve([]);
  }

  restore(state: unknown): void {
    if (stateSchema.parse(state).fitted) this.#fit();
  }

  dispose(): void {
    // Nothing of it is on a backend.
  }

  #fit(): void {
    this.#model.fit();
    this.#fitted = true;
  }
}
