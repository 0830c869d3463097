import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../config/schema.ts';
import type { DivergedPart } from '../judgment/learning.ts';
import { l2NormsIn, normsOf } from '../kernels/norms.ts';
import { clipScaleOnDevice, clipsOnDevice, l2Norms } from '../kernels/ops.ts';
import type { Parameter } from '../models/weights.ts';
import type { Optimizer } from './optimizers.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** Thrown when the loss, a gradient or a weight is not finite. The weights keep their values from before the step. */
export class DivergenceError extends PhrasedError {
  override readonly name = 'DivergenceError';
  readonly part: DivergedPart;
  /** Parameter whose gradient or weights are not finite; null for the loss. */
  readonly parameter: string | null;
  readonly value: number;

  constructor(part: DivergedPart, parameter: string | null, value: number) {
    const quantity = {
      forward: phrase('the loss'),
      backward: phrase('the gradient of {0}', parameter ?? ''),
      update: phrase('the norm of {0}', parameter ?? ''),
    }[part];
    super(Number.isNaN(value) ? phrase('{0} is not a number (NaN)', quantity) : phrase('{0} is infinite', quantity));
    this.part = part;
    this.parameter = parameter;
    this.value = value;
  }
}

/** Configuration fields of gradient clipping; 0 turns each of them off. */
export type Clipping = Pick<RunConfig['training'], 'clipNorm' | 'clipValue'>;

/** Measurements of one optimizer step. */
export interface Update {
  /** Mean loss of the batch before the update, in the unit of the task. */
  readonly loss: number;
  /** Global L2 norm of the gradient before and after clipping. */
  readonly gradientNorm: number;
  readonly clippedGradientNorm: number;
}

/** Result of a backward pass. */
export interface Backward {
  readonly loss: tf.Scalar;
  /** In the order of the parameters. */
  readonly gradients: readonly tf.Tensor[];
}

/**
 * Clips a gradient and updates the weights. Values are clipped first and the norm second, so that the norm
 * applied never exceeds `clipNorm`. Clipping values may change the direction of the gradient; clipping the norm does
 * not.
 * @param backward the caller disposes it
 * @throws DivergenceError if the loss, a gradient or a weight is not finite; the weights then keep their values
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
  await checkLoss(loss);
  const norms = await normsOf(backward.gradients);
  const gradientNorm = finiteNorm(norms);
  if (clipValue === 0)
    return { loss, gradientNorm, clippedGradientNorm: scaleAndApply(gradientNorm, backward.gradients) };

  const cut = tf.tidy(() => backward.gradients.map((gradient) => tf.clipByValue(gradient, -clipValue, clipValue)));
  try {
    return { loss, gradientNorm, clippedGradientNorm: scaleAndApply(globalNorm(await normsOf(cut)), cut) };
  } finally {
    tf.dispose(cut);
  }

  function scaleAndApply(norm: number, used: readonly tf.Tensor[]): number {
    const scale = clipScale(norm, clipNorm);
    optimizer.apply(used, learningRate, scale);
    return norm * scale;
  }

  /**
   * Reads loss and norms after the complete step has been queued. If one of them is not finite, the device skips the
   * step too.
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
      await checkLoss(loss);
      const gradientNorm = finiteNorm(l2NormsIn(parts));
      return { loss, gradientNorm, clippedGradientNorm: gradientNorm * clipScale(gradientNorm, clipNorm) };
    } catch (error) {
      optimizer.iterations -= 1;
      throw error;
    } finally {
      tf.dispose(numbers);
    }
  }

  /** A loss is also not finite if the update before has made a weight infinite: then that weight is named. */
  async function checkLoss(loss: number): Promise<void> {
    if (Number.isFinite(loss)) return;
    await checkWeights(parameters);
    throw new DivergenceError('forward', null, loss);
  }

  function finiteNorm(norms: readonly number[]): number {
    assertFinite('backward', parameters, norms);
    return globalNorm(norms);
  }
}

/** @throws DivergenceError if the last update left a weight that is not finite; it names the first such parameter */
export async function checkWeights(parameters: readonly Parameter[]): Promise<void> {
  assertFinite('update', parameters, await normsOf(parameters.map(({ variable }) => variable)));
}

/** @throws DivergenceError that names the first parameter whose norm is not finite */
function assertFinite(part: DivergedPart, parameters: readonly Parameter[], norms: readonly number[]): void {
  parameters.forEach(({ name }, index) => {
    const norm = norms[index] ?? NaN;
    if (!Number.isFinite(norm)) throw new DivergenceError(part, name, norm);
  });
}

/** L2 norm of several tensors as one vector, from the norm of each. */
export function globalNorm(norms: readonly number[]): number {
  return Math.hypot(...norms);
}

/**
 * Factor that clips a gradient to a norm (Pascanu et al. 2013, Algorithm 1): the direction stays, the norm is at most
 * `clipNorm`.
 * @param clipNorm 0: no clipping
 */
export function clipScale(norm: number, clipNorm: number): number {
  return clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
}
