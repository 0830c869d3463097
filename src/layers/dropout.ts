import * as tf from '@tensorflow/tfjs';
import type { Generator } from '../random/generator.ts';

export interface DropoutOptions {
  readonly name: string;
  /** Fraction of values set to zero, from 0 (inclusive) to 1 (exclusive). */
  readonly rate: number;
  /** Generator of the run. Each mask continues its stream, and its state can be stored in a checkpoint. */
  readonly generator: Generator;
}

/**
 * Inverted dropout (Srivastava et al. 2014): during training, values become zero with probability `rate`, and the
 * others are divided by 1 - rate. It replaces `tf.layers.dropout`, which draws the same mask in every step with a fixed
 * seed, and is not reproducible without one.
 */
export class Dropout extends tf.layers.Layer {
  static readonly className = 'Dropout';
  readonly rate: number;
  readonly #generator: Generator;

  /** @throws RangeError for a rate outside [0, 1) */
  constructor({ name, rate, generator }: DropoutOptions) {
    super({ name });
    if (!(rate >= 0 && rate < 1)) throw new RangeError(`A dropout rate is at least 0 and below 1, not ${rate}.`);
    this.rate = rate;
    this.#generator = generator;
  }

  /** Applies a new mask to `x`. */
  drop<T extends tf.Tensor>(x: T): T {
    return this.rate > 0 ? tf.tidy(() => tf.mul(x, this.#mask(x.shape))) : x;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean }): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (!x) throw new Error(`The layer ${this.name} got no input.`);
    return training ? this.drop(x) : tf.clone(x);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }

  #mask(shape: number[]): tf.Tensor {
    const threshold = this.rate * 2 ** 32;
    const kept = 1 / (1 - this.rate);
    const size = shape.reduce((product, length) => product * length, 1);
    const mask = new Float32Array(size);
    for (let index = 0; index < size; index++) mask[index] = this.#generator.nextWord() < threshold ? 0 : kept;
    return tf.tensor(mask, shape);
  }
}
