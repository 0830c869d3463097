import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../config/schema.ts';
import { l2NormsIn, normsOf } from '../kernels/norms.ts';
import { clipScaleOnDevice, clipsOnDevice, l2Norms } from '../kernels/ops.ts';
import type { Parameter } from '../models/weights.ts';
import { assertFinite } from './divergence.ts';
import { clipScale, globalNorm } from './gradientNorm.ts';
import type { Optimizer } from './optimizer.ts';

/** How a gradient is clipped, in the words of the configuration; 0 turns each of them off. */
export type Clipping = Pick<RunConfig['training'], 'clipNorm' | 'clipValue'>;

export interface Update {
  /** Mean loss of what was trained on, before the update, in the unit of the task. */
  readonly loss: number;
  /** Global L2 norm of the gradient before and after clipping. */
  readonly gradNorm: number;
  readonly clippedNorm: number;
}

/** What a backward pass gives. */
export interface Backward {
  readonly loss: tf.Scalar;
  /** In the order of the parameters. */
  readonly gradients: readonly tf.Tensor[];
}

/**
 * Clips a gradient and moves the weights against it. Values are cut off first and the norm is scaled second, so that
 * the norm that is used never exceeds `clipNorm`; cutting off values may turn the gradient, scaling keeps its
 * direction.
 * @param backward the caller disposes it
 * @throws DivergenceError when the loss or a gradient is not finite; the weights are then left as they were
 */
export async function updateWeights(
  optimizer: Optimizer,
  parameters: readonly Parameter[],
  backward: Backward,
  learningRate: number,
  { clipNorm, clipValue }: Clipping,
): Promise<Update> {
  if (clipValue === 0 && clipsOnDevice() && optimizer.applyScaled) return updateOnDevice();

  const [loss = NaN] = await backward.loss.data();
  assertFinite('the loss', loss);
  const norms = await normsOf(backward.gradients);
  const gradNorm = finiteNorm(norms);
  if (clipValue === 0) return { loss, gradNorm, clippedNorm: scaleAndApply(gradNorm, backward.gradients) };

  const cut = tf.tidy(() => backward.gradients.map((gradient) => tf.clipByValue(gradient, -clipValue, clipValue)));
  try {
    return { loss, gradNorm, clippedNorm: scaleAndApply(globalNorm(await normsOf(cut)), cut) };
  } finally {
    tf.dispose(cut);
  }

  function scaleAndApply(norm: number, used: readonly tf.Tensor[]): number {
    const scale = clipScale(norm, clipNorm);
    optimizer.apply(used, learningRate, scale);
    return norm * scale;
  }

  /**
   * Loss and norms are read once the whole step is on its way; a step that must not be taken is not taken on the device
   * either.
   */
  async function updateOnDevice(): Promise<Update> {
    const numbers = tf.tidy(() => {
      const norms = l2Norms(backward.gradients);
      optimizer.applyScaled?.(
        backward.gradients,
        learningRate,
        clipScaleOnDevice({ norms, loss: backward.loss }, { clipNorm }),
      );
      return tf.concat([tf.reshape(backward.loss, [1]), tf.reshape(norms, [-1])]);
    });
    try {
      const [loss = NaN, ...parts] = await numbers.data();
      assertFinite('the loss', loss);
      const gradNorm = finiteNorm(l2NormsIn(parts));
      return { loss, gradNorm, clippedNorm: gradNorm * clipScale(gradNorm, clipNorm) };
    } catch (error) {
      optimizer.iterations -= 1;
      throw error;
    } finally {
      tf.dispose(numbers);
    }
  }

  function finiteNorm(norms: readonly number[]): number {
    parameters.forEach(({ name }, index) => assertFinite(`the gradient of ${name}`, norms[index] ?? NaN));
    return globalNorm(norms);
  }
}
