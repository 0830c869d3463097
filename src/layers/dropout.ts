import * as tf from '@tensorflow/tfjs';
import type { Generator } from '../random/generator.ts';

export interface DropoutOptions {
  readonly name: string;
  /** The share of values that become zero, from 0 up to but not including 1. */
  readonly rate: number;
  /** The run's generator: each mask is the next one of its stream, and its state can be stored. */
  readonly generator: Generator;
}

/**
 * Inverted dropout (Srivastava et al. 2014): in training, values become zero with probability `rate` and the
 * others are divided by 1 - rate. A drop-in for `tf.layers.dropout`, which with a fixed seed draws the same mask in
 * every step, and without one cannot be repeated.
 */
export class Dropout extends tf.layers.Layer {
  static readonly className = 'Dropout';
  readonly rate: number;
  readonly #generator: Generator;

  /** @throws RangeError for a rate outside of [0, 1) */
  constructor({ name, rate, generator }: DropoutOptions) {
    super({ name });
    if (!(rate >= 0 && rate < 1)) throw new RangeError(`A dropout rate is at least 0 and below 1, not ${rate}.`);
    this.rate = rate;
    this.#generator = generator;
  }

  /** `x` with a new mask. */
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
