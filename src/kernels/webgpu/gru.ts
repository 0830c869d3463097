import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import type { GruAttributes, GruGradAttributes, GruGradInputs, GruGradOutputs, GruInputs, GruOutputs } from '../contract.ts';
import * as reference from '../reference/gru.ts';
import { empty, flatten, matrixGrad, project, projectGrad, rowNorms, statesBefore } from '../reference/sequence.ts';
import { resetAfterBackwardCode, resetBeforeBackwardCode } from './gruBackwardCode.ts';
import { resetAfterForwardCode, resetBeforeForwardCode } from './gruForwardCode.ts';
import { fits, lastRow, part, walkAll } from './sequence.ts';

/** Shared memory: the gradients of three gates and of h in the backward pass; the forward pass needs less. */
const FLOATS_PER_UNIT = 4;

/** Forward pass; equations and shapes in `contract.ts`. */
export function gruSequence(inputs: GruInputs, attributes: GruAttributes, backend: WebGPUBackend): GruOutputs {
  const [batch, units] = inputs.h0.shape;
  if (!fits(backend, FLOATS_PER_UNIT * units)) return reference.gruSequence(inputs, attributes);
  const { reverse, resetAfter } = attributes;
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, bias, h0, lengths } = inputs;
    const [inputBias, recurrentBias] = resetAfter ? (tf.unstack(bias) as [tf.Tensor, tf.Tensor]) : [bias];
    const projected = tf.add(project(x, kernel), inputBias) as tf.Tensor3D;
    const [timeSteps] = projected.shape;
    const all = walkAll(backend, {
      name: `Gru ${resetAfter}`,
      units,
      reverse,
      inputs: { projected, recurrentKernel, h0, ...(recurrentBias && { recurrentBias }) },
      lengths,
      timeSteps,
      batch,
      rows: timeSteps,
      width: (resetAfter ? 5 : 4) * units,
      code: resetAfter ? resetAfterForwardCode : resetBeforeForwardCode,
    });
    const recurrentCandidate = resetAfter ? part(all, timeSteps, 4 * units, units) : empty();
    return [part(all, timeSteps, 3 * units, units), part(all, timeSteps, 0, 3 * units), recurrentCandidate];
  });
}

/** Back-propagation through time; the loop is explained in `reference/gru.ts`. */
export function gruSequenceGrad(inputs: GruGradInputs, attributes: GruGradAttributes, backend: WebGPUBackend): GruGradOutputs {
  const [timeSteps, batch, units] = inputs.h.shape;
  if (!fits(backend, FLOATS_PER_UNIT * units)) return reference.gruSequenceGrad(inputs, attributes);
  const { reverse, resetAfter, norms } = attributes;
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, h, gates, recurrentCandidate, dh, lengths } = inputs;
    const before = statesBefore(h0, h, reverse);
    const all = walkAll(backend, {
      name: `GruGrad ${resetAfter}`,
      units,
      reverse,
      inputs: { gates, before, dh, turned: tf.transpose(recurrentKernel), ...(resetAfter && { recurrentCandidate }) },
      lengths,
      timeSteps,
      batch,
      // One more than there are steps, for what flows back to the first state.
      rows: timeSteps + 1,
      width: (resetAfter ? 5 : 4) * units,
      code: resetAfter ? resetAfterBackwardCode : resetBeforeBackwardCode,
    });
    const flat = (from: number, width: number) => flatten(part(all, timeSteps, from * units, width * units));
    const dInput = flat(0, 3);
    const [dx, dKernel] = projectGrad(x, kernel, dInput);
    const dInputBias = tf.sum(dInput, 0) as tf.Tensor1D;
    const [dRecurrentKernel, dBias] = resetAfter ? byStateAfter() : [byStateBefore(), dInputBias];
    const received = () => rowNorms(tf.stack([part(all, timeSteps, 3 * units, units)]));
    return [dx, dKernel, dRecurrentKernel, dBias, lastRow(all, 3 * units, units), norms ? received() : empty()];

    /** The candidate's product is with r * h. */
    function byStateBefore(): tf.Tensor2D {
      const states = flatten(before);
      const resets = flatten(part(gates, timeSteps, units, units));
      return tf.concat2d([matrixGrad(states, flat(0, 2)), matrixGrad(tf.mul(resets, states), flat(2, 1))], 1);
    }

    /** All products are with h; the candidate's gradient on that side is dg r. */
    function byStateAfter(): [dRecurrentKernel: tf.Tensor2D, dBias: tf.Tensor2D] {
      const dState = tf.concat2d([flat(0, 2), flat(4, 1)], 1);
      return [matrixGrad(flatten(before), dState), tf.stack([dInputBias, tf.sum(dState, 0)]) as tf.Tensor2D];
    }
  });
}
