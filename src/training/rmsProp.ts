import * as tf from '@tensorflow/tfjs';
import { ScaledOptimizer } from './scaledOptimizer.ts';

/** Share of the mean of squares that stays in each step. */
const ALPHA = 0.99;

/**
 * RMSProp (Hinton 2012, lecture 6e of "Neural networks for machine learning"), with the constants of PyTorch: a running
 * mean of squares.
 */
export class RmsProp extends ScaledOptimizer {
  protected readonly scope = 'rmsprop/v';
  protected readonly epsilon = 1e-8;

  protected override keep(before: tf.Tensor, square: tf.Tensor): tf.Tensor {
    return tf.add(tf.mul(before, ALPHA), tf.mul(square, 1 - ALPHA));
  }
}
