import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import type { LstmGradInputs, LstmGradOutputs, LstmInputs, LstmOutputs, SequenceAttributes, SequenceGradAttributes, SequenceInputs } from '../contract.ts';
import * as reference from '../reference/lstm.ts';
import { empty, flatten, matrixGrad, project, projectGrad, rowNorms, statesBefore } from '../reference/sequence.ts';
import { backwardCode, forwardCode } from './lstmCode.ts';
import { run, threadsFor } from './program.ts';

/**
 * The LSTM on a GPU: a whole sequence in one dispatch, each sequence in a workgroup of its own, which keeps its states in shared memory and
 * reads the recurrent weights from the cache. So no step waits for another sequence. What does not depend on the step before (the products
 * with the inputs, the gradients of the weights) is one large product before or after. A program of TensorFlow.js has one output: gates and
 * states lie side by side in it, and are cut apart.
 */

/** Bytes of shared memory per unit: dz of four gates, dh and dc in the backward pass; h, the next h and c in the forward pass need less. */
const BYTES_PER_UNIT = 24;

/** Forward pass; equations and shapes in `contract.ts`. */
export function lstmSequence(inputs: LstmInputs, attributes: SequenceAttributes, backend: WebGPUBackend): LstmOutputs {
  const [batch, units] = inputs.h0.shape;
  if (!fits(backend, units)) return reference.lstmSequence(inputs, attributes);
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, bias, h0, c0 } = inputs;
    const z = tf.add(project(x, kernel), bias) as tf.Tensor3D;
    const [timeSteps] = z.shape;
    const all = run(backend, {
      key: `sequenceLabLstm ${units} ${attributes.reverse}`,
      inputs: { z, recurrentKernel, h0, c0, lengths: lengthsOf(inputs, timeSteps, batch) },
      outputShape: [timeSteps, batch, 6 * units],
      threads: threadsFor(units),
      workgroups: batch,
      uniforms: [{ name: 'timeSteps', value: timeSteps }, { name: 'batch', value: batch }],
      code: forwardCode({ units, threads: threadsFor(units), reverse: attributes.reverse }),
    });
    return [part(all, 5 * units, units), part(all, 4 * units, units), part(all, 0, 4 * units)];
  });
}

/** Back-propagation through time; the loop is explained in `reference/lstm.ts`. */
export function lstmSequenceGrad(inputs: LstmGradInputs, attributes: SequenceGradAttributes, backend: WebGPUBackend): LstmGradOutputs {
  const [timeSteps, batch, units] = inputs.h.shape;
  if (!fits(backend, units)) return reference.lstmSequenceGrad(inputs, attributes);
  const { reverse, norms } = attributes;
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, c0, h, c, gates, dh, dcLast } = inputs;
    const all = run(backend, {
      key: `sequenceLabLstmGrad ${units} ${reverse}`,
      inputs: { gates, c, c0, dh, dcLast, turned: tf.transpose(recurrentKernel), lengths: lengthsOf(inputs, timeSteps, batch) },
      // One row more than there are steps, for what flows back to the first states.
      outputShape: [timeSteps + 1, batch, 6 * units],
      threads: threadsFor(units),
      workgroups: batch,
      uniforms: [{ name: 'timeSteps', value: timeSteps }, { name: 'batch', value: batch }],
      code: backwardCode({ units, threads: threadsFor(units), reverse }),
    });
    const steps = tf.slice(all, 0, timeSteps);
    const dz = flatten(part(steps, 0, 4 * units));
    const [dx, dKernel] = projectGrad(x, kernel, dz);
    const dRecurrentKernel = matrixGrad(flatten(statesBefore(h0, h, reverse)), dz);
    const first = (from: number) => tf.reshape(tf.slice(all, [timeSteps, 0, from], [1, batch, units]), [batch, units]) as tf.Tensor2D;
    const received = () => rowNorms(tf.stack([part(steps, 4 * units, units), part(steps, 5 * units, units)]));
    return [dx, dKernel, dRecurrentKernel, tf.sum(dz, 0), first(4 * units), first(5 * units), norms ? received() : empty()];
  });
}

/** Whether the states of a sequence have room in the shared memory of this device. */
function fits({ device }: WebGPUBackend, units: number): boolean {
  return BYTES_PER_UNIT * units <= device.limits.maxComputeWorkgroupStorageSize;
}

/** Steps of each sequence, `[batch]`, int32. */
function lengthsOf({ lengths }: Pick<SequenceInputs, 'lengths'>, timeSteps: number, batch: number): tf.Tensor1D {
  return lengths ?? tf.fill([batch], timeSteps, 'int32');
}

/** `[timeSteps, batch, width]` from the last axis. */
function part(all: tf.Tensor3D, from: number, width: number): tf.Tensor3D {
  const [timeSteps, batch] = all.shape;
  return tf.slice(all, [0, 0, from], [timeSteps, batch, width]);
}
