import * as tf from '@tensorflow/tfjs';
import type { Parameter } from '../models/weights.ts';
import type { NamedTensor } from '../models/weights.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/**
 * Exponential moving average of all weights (Polyak and Juditsky 1992). It is less noisy than the current weights, and
 * generalizes better.
 */
export class WeightAverage {
  readonly #parameters: readonly Parameter[];
  readonly #decay: number;
  readonly #averages: readonly Float32Array[];
  #updates = 0;

  /** @param decay decay of the average per update, 0 to 1 */
  constructor(parameters: readonly Parameter[], decay: number) {
    this.#parameters = parameters;
    this.#decay = decay;
    this.#averages = parameters.map(({ variable }) => new Float32Array(variable.size));
  }

  /** Updates the average with the current weights. The first updates average all weights so far. */
  async update(): Promise<void> {
    this.#updates += 1;
    const share = Math.max(1 - this.#decay, 1 / this.#updates);
    for (const [index, { variable }] of this.#parameters.entries()) {
      const values = await variable.data<'float32'>();
      const average = this.#averages[index]!;
      for (let k = 0; k < average.length; k++) average[k] = average[k]! + share * (values[k]! - average[k]!);
    }
  }

  /** Replaces the weights by their averages while `body` runs. */
  async during<T>(body: () => Promise<T>): Promise<T> {
    const weights = await Promise.all(
      this.#parameters.map(async ({ variable }) => Float32Array.from(await variable.data<'float32'>())),
    );
    this.#write(this.#averages);
    try {
      return await body();
    } finally {
      this.#write(weights);
    }
  }

  /** Averages named after their parameters, for a checkpoint. */
  tensors(): NamedTensor[] {
    return this.#parameters.map(({ name, variable }, index) => ({
      name: `average/${name}`,
      shape: variable.shape,
      values: Float32Array.from(this.#averages[index]!),
    }));
  }

  /**
   * Restores the averages that `tensors` returned.
   * @param updates updates before them
   * @throws Error that names a missing tensor
   */
  restore(tensors: readonly NamedTensor[], updates: number): void {
    this.#updates = updates;
    this.#parameters.forEach(({ name }, index) => {
      const stored = tensors.find((tensor) => tensor.name === `average/${name}`);
      if (!stored) throw new PhrasedError(phrase('The checkpoint has no tensor "average/{0}".', name));
      this.#averages[index]?.set(stored.values);
    });
  }

  #write(values: readonly Float32Array[]): void {
    this.#parameters.forEach(({ variable }, index) => {
      tf.tidy(() => {
        variable.assign(tf.tensor(values[index]!.slice(), variable.shape));
      });
    });
  }
}
