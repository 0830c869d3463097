import type * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../config/schema.ts';
import type { Parameter } from '../models/weights.ts';
import { Adam } from './adam.ts';
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
  dispose(): void;
}

/** Which optimizer, in the words of the configuration. */
export type OptimizerChoice = Pick<RunConfig['training'], 'optimizer' | 'momentum'>;

export function createOptimizer({ optimizer, momentum }: OptimizerChoice, parameters: readonly Parameter[]): Optimizer {
  switch (optimizer) {
    case 'adam':
      return new Adam(parameters);
    case 'sgd':
      return new Sgd(parameters, momentum);
  }
}
