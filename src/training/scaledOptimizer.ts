import * as tf from '@tensorflow/tfjs';
import type { Parameter } from '../models/weights.ts';
import type { Optimizer } from './optimizer.ts';

/** An optimizer that divides each gradient by the root of what it keeps of the squares of earlier ones. */
export abstract class ScaledOptimizer implements Optimizer {
  iterations = 0;
  readonly #parameters: readonly Parameter[];
  readonly #squares: readonly tf.Variable[];
  /** Stands before the names of what is kept, on disk. */
  protected abstract readonly scope: string;
  /** Added to the root, so that nothing is divided by zero. */
  protected abstract readonly epsilon: number;

  constructor(parameters: readonly Parameter[]) {
    this.#parameters = parameters;
    this.#squares = parameters.map(({ variable }) => tf.tidy(() => tf.variable(tf.zerosLike(variable), false)));
  }

  /** What is kept of the squares after one more. */
  protected abstract keep(before: tf.Tensor, square: tf.Tensor): tf.Tensor;

  apply(gradients: readonly tf.Tensor[], learningRate: number, gradientScale: number): void {
    this.iterations += 1;
    tf.tidy(() => {
      this.#parameters.forEach(({ variable }, index) => {
        const kept = this.#squares[index]!;
        const gradient = tf.mul(gradients[index]!, gradientScale);
        kept.assign(this.keep(kept, tf.square(gradient)));
        variable.assign(tf.sub(variable, tf.div(tf.mul(gradient, learningRate), tf.add(tf.sqrt(kept), this.epsilon))));
      });
    });
  }

  get variables(): readonly Parameter[] {
    return this.#squares.map((variable, index) => ({
      name: `${this.scope}/${this.#parameters[index]?.name}`,
      variable,
    }));
  }

  dispose(): void {
    tf.dispose([...this.#squares]);
  }
}
