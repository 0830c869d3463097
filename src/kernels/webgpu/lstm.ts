import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import type { LstmGradInputs, LstmGradOutputs, LstmInputs, LstmOutputs, SequenceAttributes, SequenceGradAttributes } from '../contract.ts';
import * as reference from '../reference/lstm.ts';
import { empty, flatten, matrixGrad, project, projectGrad, rowNorms, statesBefore } from '../reference/sequence.ts';
import { backwardCode, forwardCode } from './lstmCode.ts';
import { fits, lastRow, part, walkAll } from './sequence.ts';

/** Shared memory: dz of four gates, dh and dc in the backward pass; h, the next h and c in the forward pass need less. */
const FLOATS_PER_UNIT = 6;

/** Forward pass; equations and shapes in `contract.ts`. */
export function lstmSequence(inputs: LstmInputs, attributes: SequenceAttributes, backend: WebGPUBackend): LstmOutputs {
  const [batch, units] = inputs.h0.shape;
  if (!fits(backend, FLOATS_PER_UNIT * units)) return reference.lstmSequence(inputs, attributes);
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, bias, h0, c0, lengths } = inputs;
    const z = tf.add(project(x, kernel), bias) as tf.Tensor3D;
    const [timeSteps] = z.shape;
    const all = walkAll(backend, {
      name: 'Lstm',
      units,
      reverse: attributes.reverse,
      inputs: { z, recurrentKernel, h0, c0 },
      lengths,
      timeSteps,
      batch,
      rows: timeSteps,
      width: 6 * units,
      code: forwardCode,
    });
    return [part(all, timeSteps, 5 * units, units), part(all, timeSteps, 4 * units, units), part(all, timeSteps, 0, 4 * units)];
  });
}

/** Back-propagation through time; the loop is explained in `reference/lstm.ts`. */
export function lstmSequenceGrad(inputs: LstmGradInputs, attributes: SequenceGradAttributes, backend: WebGPUBackend): LstmGradOutputs {
  const [timeSteps, batch, units] = inputs.h.shape;
  if (!fits(backend, FLOATS_PER_UNIT * units)) return reference.lstmSequenceGrad(inputs, attributes);
  const { reverse, norms } = attributes;
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, c0, h, c, gates, dh, dcLast, lengths } = inputs;
    const all = walkAll(backend, {
      name: 'LstmGrad',
      units,
      reverse,
      inputs: { gates, c, c0, dh, dcLast, turned: tf.transpose(recurrentKernel) },
      lengths,
      timeSteps,
      batch,
      // One more than there are steps, for what flows back to the first states.
      rows: timeSteps + 1,
      width: 6 * units,
      code: backwardCode,
    });
    const dz = flatten(part(all, timeSteps, 0, 4 * units));
    const [dx, dKernel] = projectGrad(x, kernel, dz);
    const dRecurrentKernel = matrixGrad(flatten(statesBefore(h0, h, reverse)), dz);
    const received = () => rowNorms(tf.stack([part(all, timeSteps, 4 * units, units), part(all, timeSteps, 5 * units, units)]));
    return [dx, dKernel, dRecurrentKernel, tf.sum(dz, 0), lastRow(all, 4 * units, units), lastRow(all, 5 * units, units), norms ? received() : empty()];
  });
}
