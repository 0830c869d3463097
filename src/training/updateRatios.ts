import * as tf from '@tensorflow/tfjs';
import { normsOf } from '../kernels/norms.ts';
import type { Parameter } from '../models/weights.ts';

/** Norm of the weight change divided by the norm of the weights, by parameter. */
export type UpdateRatios = ReadonlyMap<string, number>;

/** Measures how far one optimizer step moves the weights. It keeps the old values alive rather than copying them. */
export class UpdateWatch {
  readonly #parameters: readonly Parameter[];
  readonly #before: readonly tf.Tensor[];

  /** Call before the step. */
  constructor(parameters: readonly Parameter[]) {
    this.#parameters = parameters;
    this.#before = parameters.map(({ variable }) => tf.clone(variable));
  }

  /** Call after the step. */
  async ratios(): Promise<UpdateRatios> {
    const changes = tf.tidy(() =>
      this.#parameters.map(({ variable }, index) => tf.sub(variable, this.#before[index]!)),
    );
    try {
      const [moved, weights] = [await normsOf(changes), await normsOf(this.#before)];
      return new Map(this.#parameters.map(({ name }, index) => [name, moved[index]! / weights[index]!]));
    } finally {
      tf.dispose(changes);
    }
  }

  dispose(): void {
    tf.dispose([...this.#before]);
  }
}
