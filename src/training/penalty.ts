import * as tf from '@tensorflow/tfjs';
import type { Parameter } from '../models/weights.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * An optimizer of the loss with a penalty on the squared weights, whose gradient is added to each clipped one, as
 * PyTorch's optimizers do it; without a penalty the optimizer itself.
 */
export function withPenalty(optimizer: Optimizer, parameters: readonly Parameter[], weightDecay: number): Optimizer {
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
