import * as tf from '@tensorflow/tfjs';
import type { Parameter } from '../models/weights.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * Stochastic gradient descent, plain or with momentum (Polyak 1964) in the form of PyTorch: v = momentum * v + g,
 * w = w - learningRate * v, so that a change of the learning rate acts at once.
 */
export class Sgd implements Optimizer {
  readonly #parameters: readonly Parameter[];
  readonly #momentum: number;
  readonly #velocities: readonly tf.Variable[];
  iterations = 0;

  /** @param momentum 0 keeps nothing from step to step */
  constructor(parameters: readonly Parameter[], momentum: number) {
    this.#parameters = parameters;
    this.#momentum = momentum;
    const moving = momentum > 0 ? parameters : [];
    this.#velocities = moving.map(({ variable }) => tf.tidy(() => tf.variable(tf.zerosLike(variable), false)));
  }

  apply(gradients: readonly tf.Tensor[], learningRate: number, gradientScale: number): void {
    this.iterations += 1;
    tf.tidy(() => {
      this.#parameters.forEach(({ variable }, index) => {
        const step = this.#stepOf(index, tf.mul(gradients[index]!, gradientScale));
        variable.assign(tf.sub(variable, tf.mul(step, learningRate)));
      });
    });
  }

  get variables(): readonly Parameter[] {
    return this.#velocities.map((variable, index) => ({ name: `sgd/v/${this.#parameters[index]?.name}`, variable }));
  }

  dispose(): void {
    tf.dispose([...this.#velocities]);
  }

  #stepOf(index: number, gradient: tf.Tensor): tf.Tensor {
    const velocity = this.#velocities[index];
    if (!velocity) return gradient;
    velocity.assign(tf.add(tf.mul(velocity, this.#momentum), gradient));
    return velocity;
  }
}
