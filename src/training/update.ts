import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../config/schema.ts';
import { normsOf } from '../kernels/norms.ts';
import type { Parameter } from '../models/weights.ts';
import { assertFinite } from './divergence.ts';
import { clipScale, globalNorm } from './gradientNorm.ts';
import type { Optimizer } from './optimizer.ts';

/** How a gradient is clipped, in the words of the configuration; 0 turns each of them off. */
export type Clipping = Pick<RunConfig['training'], 'clipNorm' | 'clipValue'>;

export interface Update {
  /** Global L2 norm of the gradient before and after clipping. */
  readonly gradNorm: number;
  readonly clippedNorm: number;
}

/**
 * Clips a gradient and moves the weights against it. Values are cut off first and the norm is scaled second, so that
 * the norm that is used never exceeds `clipNorm`; cutting off values may turn the gradient, scaling keeps its direction.
 * @param gradients in the order of the parameters; the caller disposes them
 * @throws DivergenceError when a gradient is not finite; the weights are then left as they were
 */
export async function updateWeights(
  optimizer: Optimizer,
  parameters: readonly Parameter[],
  gradients: readonly tf.Tensor[],
  learningRate: number,
  { clipNorm, clipValue }: Clipping,
): Promise<Update> {
  const norms = await normsOf(gradients);
  parameters.forEach(({ name }, index) => assertFinite(`the gradient of ${name}`, norms[index] ?? NaN));
  const gradNorm = globalNorm(norms);
  if (clipValue === 0) return { gradNorm, clippedNorm: scaleAndApply(gradNorm, gradients) };

  const cut = tf.tidy(() => gradients.map((gradient) => tf.clipByValue(gradient, -clipValue, clipValue)));
  try {
    return { gradNorm, clippedNorm: scaleAndApply(globalNorm(await normsOf(cut)), cut) };
  } finally {
    tf.dispose(cut);
  }

  function scaleAndApply(norm: number, used: readonly tf.Tensor[]): number {
    const scale = clipScale(norm, clipNorm);
    optimizer.apply(used, learningRate, scale);
    return norm * scale;
  }
}
