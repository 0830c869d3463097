import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../config/schema.ts';
import { adamStep } from '../kernels/ops.ts';
import type { Parameter } from '../models/weights.ts';

/** Optimizer whose state can be stored in a checkpoint. */
export interface Optimizer {
  /** Number of steps applied so far. */
  iterations: number;
  /** State kept between steps, named after the parameters, for a checkpoint. */
  readonly variables: readonly Parameter[];
  /**
   * Moves every parameter against its gradient.
   * @param gradients in the order of the parameters
   * @param gradientScale factor that clips the gradient, 1 for none
   */
  apply(gradients: readonly tf.Tensor[], learningRate: number, gradientScale: number): void;
  /**
   * Like `apply` with a factor `[1]` on the device, which avoids waiting for a read. If the factor is not finite, only
   * `iterations` changes. Called only on backends with `clipsOnDevice`.
   */
  applyScaled?(gradients: readonly tf.Tensor[], learningRate: number, scale: tf.Tensor1D): void;
  dispose(): void;
}

/** The configuration fields that select an optimizer. */
export type OptimizerChoice = Partial<Pick<RunConfig['training'], 'optimizer' | 'momentum' | 'weightDecay'>>;

/** Creates the configured optimizer; Adam by default. */
export function createOptimizer(
  { optimizer = 'adam', momentum = 0, weightDecay = 0 }: OptimizerChoice,
  parameters: readonly Parameter[],
): Optimizer {
  switch (optimizer) {
    case 'adamw':
      return new Adam(parameters, weightDecay);
    case 'adam':
      return withPenalty(new Adam(parameters), parameters, weightDecay);
    case 'sgd':
      return withPenalty(new Sgd(parameters, momentum), parameters, weightDecay);
    case 'rmsprop':
      return withPenalty(new RmsProp(parameters), parameters, weightDecay);
    case 'adagrad':
      return withPenalty(new Adagrad(parameters), parameters, weightDecay);
  }
}

const ADAM_BETA1 = 0.9;
const ADAM_BETA2 = 0.999;
const ADAM_EPSILON = 1e-8;

/**
 * Adam (Kingma and Ba 2015) with the constants of the paper, optionally with decoupled weight
 * decay (AdamW, Loshchilov and Hutter 2019, Algorithm 2).
 */
export class Adam implements Optimizer {
  readonly #parameters: readonly Parameter[];
  readonly #weightDecay: number;
  readonly #moments: readonly { m: tf.Variable; v: tf.Variable }[];
  iterations = 0;

  /** @param weightDecay each step subtracts `learningRate * weightDecay * weight` from every weight */
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
      beta1: ADAM_BETA1,
      beta2: ADAM_BETA2,
      epsilon: ADAM_EPSILON,
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

/**
 * Stochastic gradient descent, plain or with momentum (Polyak 1964) as in PyTorch: v = momentum * v + g,
 * w = w - learningRate * v, so that a change of the learning rate takes effect immediately.
 */
class Sgd implements Optimizer {
  readonly #parameters: readonly Parameter[];
  readonly #momentum: number;
  readonly #velocities: readonly tf.Variable[];
  iterations = 0;

  /** @param momentum 0 keeps no state between steps */
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

/** Base of the optimizers that divide each gradient by the root of accumulated squared gradients. */
abstract class ScaledOptimizer implements Optimizer {
  iterations = 0;
  readonly #parameters: readonly Parameter[];
  readonly #squares: readonly tf.Variable[];
  /** Prefix of the names of the accumulators in a checkpoint. */
  protected abstract readonly scope: string;
  /** Added to the root to avoid a division by zero. */
  protected abstract readonly epsilon: number;

  constructor(parameters: readonly Parameter[]) {
    this.#parameters = parameters;
    this.#squares = parameters.map(({ variable }) => tf.tidy(() => tf.variable(tf.zerosLike(variable), false)));
  }

  /** Returns the accumulator after another squared gradient. */
  protected abstract accumulate(before: tf.Tensor, square: tf.Tensor): tf.Tensor;

  apply(gradients: readonly tf.Tensor[], learningRate: number, gradientScale: number): void {
    this.iterations += 1;
    tf.tidy(() => {
      this.#parameters.forEach(({ variable }, index) => {
        const accumulator = this.#squares[index]!;
        const gradient = tf.mul(gradients[index]!, gradientScale);
        accumulator.assign(this.accumulate(accumulator, tf.square(gradient)));
        variable.assign(
          tf.sub(variable, tf.div(tf.mul(gradient, learningRate), tf.add(tf.sqrt(accumulator), this.epsilon))),
        );
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

/** Decay of the running mean of squares. */
const RMSPROP_ALPHA = 0.99;

/**
 * RMSProp (Hinton 2012, lecture 6e of "Neural networks for machine learning"), with the constants of PyTorch: it
 * accumulates a running mean of squares.
 */
class RmsProp extends ScaledOptimizer {
  protected readonly scope = 'rmsprop/v';
  protected readonly epsilon = 1e-8;

  protected override accumulate(before: tf.Tensor, square: tf.Tensor): tf.Tensor {
    return tf.add(tf.mul(before, RMSPROP_ALPHA), tf.mul(square, 1 - RMSPROP_ALPHA));
  }
}

/** Adagrad (Duchi et al. 2011), with the constants of PyTorch: it accumulates the sum of all squares. */
class Adagrad extends ScaledOptimizer {
  protected readonly scope = 'adagrad/sum';
  protected readonly epsilon = 1e-10;

  protected override accumulate(before: tf.Tensor, square: tf.Tensor): tf.Tensor {
    return tf.add(before, square);
  }
}

/**
 * Wraps an optimizer with an L2 penalty on the weights, whose gradient is added to each clipped gradient, as PyTorch's
 * optimizers do. Returns the optimizer itself when the penalty is 0.
 */
function withPenalty(optimizer: Optimizer, parameters: readonly Parameter[], weightDecay: number): Optimizer {
  if (weightDecay === 0) return optimizer;
  return {
    get iterations() {
      return optimizer.iterations;
    },
    set iterations(count) {
      optimizer.iterations = count;
    },
    get variables() {
      return optimizer.variables;
    },
    apply(gradients, learningRate, gradientScale) {
      const penalized = tf.tidy(() =>
        gradients.map((gradient, index) =>
          tf.add(tf.mul(gradient, gradientScale), tf.mul(parameters[index]!.variable, weightDecay)),
        ),
      );
      optimizer.apply(penalized, learningRate, 1);
      tf.dispose(penalized);
    },
    dispose: () => optimizer.dispose(),
  };
}
