import * as tf from '@tensorflow/tfjs';
import { ScaledOptimizer } from './scaledOptimizer.ts';

/** Adagrad (Duchi et al. 2011), with the constants of PyTorch: the sum of all squares. */
export class Adagrad extends ScaledOptimizer {
  protected readonly scope = 'adagrad/sum';
  protected readonly epsilon = 1e-10;

  protected override keep(before: tf.Tensor, square: tf.Tensor): tf.Tensor {
    return tf.add(before, square);
  }
}
