import * as tf from '@tensorflow/tfjs';
import { adamStep } from '../kernels/ops.ts';
import type { Parameter } from '../models/weights.ts';
import type { Optimizer } from './optimizer.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam (Kingma and Ba 2015) with the constants of the paper, and with decoupled weight decay where that is wanted
 * (AdamW, Loshchilov and Hutter 2019, Algorithm 2); its whole state can be stored.
 */
export class Adam implements Optimizer {
  readonly #parameters: readonly Parameter[];
  readonly #weightDecay: number;
  readonly #moments: readonly { m: tf.Variable; v: tf.Variable }[];
  iterations = 0;

  /** @param weightDecay in each step, every weight loses this share of itself times the learning rate */
  constructor(parameters: readonly Parameter[], weightDecay = 0) {
    this.#parameters = parameters;
    this.#weightDecay = weightDecay;
    const zeros = (variable: tf.Variable) => tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
    this.#moments = parameters.map(({ variable }) => ({ m: zeros(variable), v: zeros(variable) }));
  }

  apply(gradients: readonly tf.Tensor[], learningRate: number, gradientScale: number): void {
    this.#move(gradients, learningRate, gradientScale, {});
  }

  applyScaled(gradients: readonly tf.Tensor[], learningRate: number, scale: tf.Tensor1D): void {
    this.#move(gradients, learningRate, 1, { scale });
  }

  #move(
    gradients: readonly tf.Tensor[],
    learningRate: number,
    gradientScale: number,
    onDevice: { readonly scale?: tf.Tensor1D },
  ): void {
    this.iterations += 1;
    const attributes = {
      learningRate,
      beta1: BETA1,
      beta2: BETA2,
      epsilon: EPSILON,
      step: this.iterations,
      gradientScale,
    };
    tf.tidy(() => {
      const decay = learningRate * this.#weightDecay;
      const decayTaken = onDevice.scale && decay > 0 ? tf.where(tf.isFinite(onDevice.scale), decay, 0) : decay;
      this.#parameters.forEach(({ variable }, index) => {
        const { m, v } = this.#moments[index]!;
        const gradient = gradients[index]!;
        const [weights, newM, newV] = adamStep({ weights: variable, m, v, gradient, ...onDevice }, attributes);
        variable.assign(decay > 0 ? tf.sub(weights, tf.mul(variable, decayTaken)) : weights);
        m.assign(newM);
        v.assign(newV);
      });
    });
  }

  get variables(): readonly Parameter[] {
    return this.#parameters.flatMap(({ name }, index) => {
      const { m, v } = this.#moments[index]!;
      return [
        { name: `adam/m/${name}`, variable: m },
        { name: `adam/v/${name}`, variable: v },
      ];
    });
  }

  dispose(): void {
    for (const { variable } of this.variables) variable.dispose();
  }
}
