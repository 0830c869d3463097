import * as tf from '@tensorflow/tfjs';
import type {
  MaskStepsInputs,
  MaxPoolGradAttributes,
  MaxPoolGradInputs,
  MaxPoolInputs,
  MaxPoolOutputs,
} from '../contract.ts';

export function maskSteps({ x, lengths }: MaskStepsInputs): tf.Tensor3D {
  return tf.tidy(() => tf.where(isThere(x.shape[0], lengths), x, tf.zerosLike(x)));
}

export function maxPool({ h, lengths }: MaxPoolInputs): MaxPoolOutputs {
  return tf.tidy(() => {
    const seen = tf.where(isThere(h.shape[0], lengths), h, tf.fill(h.shape, -Infinity));
    return [tf.max(seen, 0) as tf.Tensor2D, tf.cast(tf.argMax(seen, 0), 'int32') as tf.Tensor2D];
  });
}

export function maxPoolGrad({ steps, dPooled }: MaxPoolGradInputs, { timeSteps }: MaxPoolGradAttributes): tf.Tensor3D {
  return tf.tidy(() => {
    const all = tf.reshape(tf.range(0, timeSteps, 1, 'int32'), [-1, 1, 1]);
    return tf.mul(tf.cast(tf.equal(all, tf.expandDims(steps, 0)), 'float32'), tf.expandDims(dPooled, 0)) as tf.Tensor3D;
  });
}

/** Whether a step is one of the sequence, `[timeSteps, batch, 1]`. */
function isThere(timeSteps: number, lengths: tf.Tensor1D): tf.Tensor {
  return tf.less(tf.reshape(tf.range(0, timeSteps, 1, 'int32'), [-1, 1, 1]), tf.reshape(lengths, [1, -1, 1]));
}
