import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import type { RnnAttributes, RnnGradAttributes, RnnGradInputs, RnnGradOutputs, RnnInputs, RnnOutputs } from '../contract.ts';
import * as reference from '../reference/rnn.ts';
import { empty, flatten, matrixGrad, project, projectGrad, rowNorms, statesBefore } from '../reference/sequence.ts';
import { backwardCode, forwardCode } from './rnnCode.ts';
import { fits, lastRow, part, walkAll } from './sequence.ts';

/** Shared memory: h and the next h, or dz and dh. */
const FLOATS_PER_UNIT = 2;

/** Forward pass; equation and shapes in `contract.ts`. */
export function rnnSequence(inputs: RnnInputs, attributes: RnnAttributes, backend: WebGPUBackend): RnnOutputs {
  const [batch, units] = inputs.h0.shape;
  if (!fits(backend, FLOATS_PER_UNIT * units)) return reference.rnnSequence(inputs, attributes);
  const { reverse, activation } = attributes;
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, bias, h0, lengths } = inputs;
    const projected = tf.add(project(x, kernel), bias) as tf.Tensor3D;
    const [timeSteps] = projected.shape;
    const all = walkAll(backend, {
      name: `Rnn ${activation}`,
      units,
      reverse,
      inputs: { projected, recurrentKernel, h0 },
      lengths,
      timeSteps,
      batch,
      rows: timeSteps,
      width: units,
      code: forwardCode(activation),
    });
    return [all];
  });
}

/** Back-propagation through time; the loop is explained in `reference/rnn.ts`. */
export function rnnSequenceGrad(inputs: RnnGradInputs, attributes: RnnGradAttributes, backend: WebGPUBackend): RnnGradOutputs {
  const [timeSteps, batch, units] = inputs.h.shape;
  if (!fits(backend, FLOATS_PER_UNIT * units)) return reference.rnnSequenceGrad(inputs, attributes);
  const { reverse, activation, norms } = attributes;
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, h, dh, lengths } = inputs;
    const all = walkAll(backend, {
      name: `RnnGrad ${activation}`,
      units,
      reverse,
      inputs: { h, dh, turned: tf.transpose(recurrentKernel) },
      lengths,
      timeSteps,
      batch,
      // One more than there are steps, for what flows back to the first state.
      rows: timeSteps + 1,
      width: 2 * units,
      code: backwardCode(activation),
    });
    const dz = flatten(part(all, timeSteps, 0, units));
    const [dx, dKernel] = projectGrad(x, kernel, dz);
    const dRecurrentKernel = matrixGrad(flatten(statesBefore(h0, h, reverse)), dz);
    const received = () => rowNorms(tf.stack([part(all, timeSteps, units, units)]));
    return [dx, dKernel, dRecurrentKernel, tf.sum(dz, 0), lastRow(all, units, units), norms ? received() : empty()];
  });
}
