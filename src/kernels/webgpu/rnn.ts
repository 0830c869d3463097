import * as tf from '@tensorflow/tfjs';
import type {
  RnnActivation,
  RnnAttributes,
  RnnGradAttributes,
  RnnGradInputs,
  RnnGradOutputs,
  RnnInputs,
  RnnOutputs,
} from '../contract.ts';
import { empty, flatten, matrixGrad, project, projectGrad, statesBefore } from '../reference/sequence.ts';
import type { LabWebGpu } from './backend.ts';
import { rowNorms } from './norms.ts';
import { BACKWARD_SHARED, FORWARD_SHARED, stepBackward, stepForward, wholeBackward, wholeForward } from './rnnCode.ts';
import { backToFirst, range, runPass } from './sequence.ts';
import { sumOfRows } from './sums.ts';

/** Forward pass; equation and shapes in `contract.ts`. */
export function rnnSequence(inputs: RnnInputs, { reverse, activation }: RnnAttributes, backend: LabWebGpu): RnnOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, bias, h0, lengths } = inputs;
    const [batch, units] = h0.shape;
    const projected: tf.Tensor3D = tf.add(project(x, kernel), bias);
    const [timeSteps] = projected.shape;
    const states = [timeSteps, batch, units];
    const pass = {
      name: `Rnn ${activation}`,
      units,
      gates: 1,
      reverse,
      inputs: { projected, recurrentKernel, h0 },
      lengths,
      timeSteps,
      batch,
      sharedPerUnit: FORWARD_SHARED,
      whole: wholeForward(activation),
      stepwise: stepForward(activation),
      steps: range(timeSteps),
    };
    if (activation !== 'tanh') {
      return [runPass(backend, { ...pass, outputs: { h: states } }).h, empty()] as RnnOutputs;
    }
    const { h, slopes } = runPass(backend, { ...pass, outputs: { h: states, slopes: states } });
    return [h, slopes] as RnnOutputs;
  });
}

/** Backpropagation through time; `reference/rnn.ts` explains the loop. */
export function rnnSequenceGrad(
  inputs: RnnGradInputs,
  { reverse, activation, norms }: RnnGradAttributes,
  backend: LabWebGpu,
): RnnGradOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, h, slopes, dh, lengths } = inputs;
    const [timeSteps, batch, units] = h.shape;
    const keptOf: Record<RnnActivation, Record<string, tf.Tensor>> = { tanh: { slopes }, relu: { h }, linear: {} };
    const { dz, received, carried } = runPass(backend, {
      name: `RnnGrad ${activation}`,
      units,
      gates: 1,
      reverse,
      inputs: { ...keptOf[activation], dh, transposed: tf.transpose(recurrentKernel) },
      lengths,
      timeSteps,
      batch,
      outputs: { dz: [timeSteps, batch, units], received: [1, timeSteps, batch, units], carried: [batch, units] },
      sharedPerUnit: BACKWARD_SHARED,
      whole: wholeBackward(activation),
      stepwise: stepBackward(activation),
      steps: backToFirst(timeSteps),
    });
    const flat = flatten(dz);
    const [dx, dKernel] = projectGrad(x, kernel, flat);
    const dRecurrentKernel = matrixGrad(flatten(statesBefore(h0, h, reverse)), flat);
    return [
      dx,
      dKernel,
      dRecurrentKernel,
      sumOfRows(backend, flat),
      carried as tf.Tensor2D,
      norms ? rowNorms(backend, received) : empty(),
    ];
  });
}
