import * as tf from '@tensorflow/tfjs';
import type { AdamAttributes, AdamInputs, L2NormsInputs } from '../contract.ts';
import { floatParts } from '../floatParts.ts';
import type { NativeOps } from './nativeOps.ts';

/** Kernels of an optimizer step as TensorFlow ops. */

/**
 * Adam (Kingma and Ba 2015, Algorithm 1). `ResourceApplyAdam` needs half the time, but it works on TensorFlow
 * variables, which would have to be created and read at every step. It would save about 1 % of a training step.
 */
export function adamStep(
  { weights, m, v, gradient }: AdamInputs,
  attributes: AdamAttributes,
  ops: NativeOps,
): tf.Tensor[] {
  const { learningRate, beta1, beta2, epsilon, step, gradientScale } = attributes;
  return ops.kernel(() => {
    const g = ops.of(gradient);
    const newM = ops.add(
      ops.multiply(ops.of(m), ops.scalar(beta1)),
      ops.multiply(g, ops.scalar((1 - beta1) * gradientScale)),
    );
    const scaled = ops.multiply(g, ops.scalar(Math.sqrt(1 - beta2) * gradientScale));
    const newV = ops.add(ops.multiply(ops.of(v), ops.scalar(beta2)), ops.multiply(scaled, scaled));
    // learningRate mHat / (sqrt(vHat) + epsilon), with the bias corrections of m and v as scalar factors.
    const root = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * root) / (1 - beta1 ** step);
    const update = ops.divide(
      ops.multiply(newM, ops.scalar(rate)),
      ops.add(ops.sqrt(newV), ops.scalar(epsilon * root)),
    );
    return [ops.subtract(ops.of(weights), update), newM, newV];
  });
}

export function l2Norms(tensors: L2NormsInputs, ops: NativeOps): tf.Tensor {
  const inputs = Object.values(tensors).map((tensor) => ({ handle: ops.of(tensor), rank: tensor.rank }));
  const rows = [...ops.sumsOfSquares(inputs)].map((sum) => floatParts(Math.sqrt(sum)));
  return tf.tensor2d(rows, [rows.length, 2]);
}
