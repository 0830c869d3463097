import type * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../config/schema.ts';
import type { Parameter } from '../models/weights.ts';
import { Adagrad } from './adagrad.ts';
import { Adam } from './adam.ts';
import { withPenalty } from './penalty.ts';
import { RmsProp } from './rmsProp.ts';
import { Sgd } from './sgd.ts';

/** Moves the weights of a model against a gradient. Its whole state can be stored. */
export interface Optimizer {
  /** Steps applied so far. */
  iterations: number;
  /** What it keeps from step to step, named after the parameters, for a checkpoint. */
  readonly variables: readonly Parameter[];
  /**
   * Moves every parameter against its gradient.
   * @param gradients in the order of the parameters
   * @param gradientScale factor that clips the gradient, 1 for none
   */
  apply(gradients: readonly tf.Tensor[], learningRate: number, gradientScale: number): void;
  /**
   * The same with a factor that is still on the device, `[1]`, so that nothing is waited for; where it is not finite,
   * all but the count of steps stays as it was. Called only on backends that clip there (`clipsOnDevice`).
   */
  applyScaled?(gradients: readonly tf.Tensor[], learningRate: number, scale: tf.Tensor1D): void;
  dispose(): void;
}

/** Which optimizer, in the words of the configuration. */
export type OptimizerChoice = Pick<RunConfig['training'], 'optimizer' | 'momentum'> &
  Partial<Pick<RunConfig['training'], 'weightDecay'>>;

/** Adam where the choice does not say otherwise. */
export function createOptimizer(
  { optimizer = 'adam', momentum = 0, weightDecay = 0 }: Partial<OptimizerChoice>,
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
