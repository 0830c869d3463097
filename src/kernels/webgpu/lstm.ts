import * as tf from '@tensorflow/tfjs';
import type {
  LstmGradInputs,
  LstmGradOutputs,
  LstmInputs,
  LstmOutputs,
  SequenceAttributes,
  SequenceGradAttributes,
} from '../contract.ts';
import { empty, flatten, matrixGrad, project, projectGrad, statesBefore } from '../reference/sequence.ts';
import type { LabWebGpu } from './backend.ts';
import { BACKWARD_SHARED, FORWARD_SHARED, stepBackward, stepForward, wholeBackward, wholeForward } from './lstmCode.ts';
import { rowNorms } from './norms.ts';
import { backToFirst, range, runPass } from './sequence.ts';
import { sumOfRows } from './sums.ts';

/** Forward pass; equations and shapes in `contract.ts`. */
export function lstmSequence(inputs: LstmInputs, { reverse }: SequenceAttributes, backend: LabWebGpu): LstmOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, bias, h0, c0, lengths } = inputs;
    const [batch, units] = h0.shape;
    const z: tf.Tensor3D = tf.add(project(x, kernel), bias);
    const [timeSteps] = z.shape;
    const { h, c, storedGates } = runPass(backend, {
      name: 'Lstm',
      units,
      gates: 4,
      reverse,
      inputs: { z, recurrentKernel, h0, c0 },
      lengths,
      timeSteps,
      batch,
      outputs: {
        h: [timeSteps, batch, units],
        c: [timeSteps, batch, units],
        storedGates: [timeSteps, batch, 4 * units],
      },
      sharedPerUnit: FORWARD_SHARED,
      whole: wholeForward,
      stepwise: stepForward,
      steps: range(timeSteps),
    });
    return [h, c, storedGates] as LstmOutputs;
  });
}

/** Backpropagation through time; `reference/lstm.ts` explains the loop. */
export function lstmSequenceGrad(
  inputs: LstmGradInputs,
  { reverse, norms }: SequenceGradAttributes,
  backend: LabWebGpu,
): LstmGradOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, c0, h, c, storedGates, dh, dcLast, lengths } = inputs;
    const [timeSteps, batch, units] = h.shape;
    const { dz, received, carried } = runPass(backend, {
      name: 'LstmGrad',
      units,
      gates: 4,
      reverse,
      inputs: { storedGates, c, c0, dh, dcLast, transposed: tf.transpose(recurrentKernel) },
      lengths,
      timeSteps,
      batch,
      outputs: {
        dz: [timeSteps, batch, 4 * units],
        received: [2, timeSteps, batch, units],
        carried: [2, batch, units],
      },
      sharedPerUnit: BACKWARD_SHARED,
      whole: wholeBackward,
      stepwise: stepBackward,
      steps: backToFirst(timeSteps),
    });
    const flat = flatten(dz);
    const [dx, dKernel] = projectGrad(x, kernel, flat);
    const dRecurrentKernel = matrixGrad(flatten(statesBefore(h0, h, reverse)), flat);
    const [dh0, dc0] = tf.unstack(carried) as [tf.Tensor2D, tf.Tensor2D];
    return [
      dx,
      dKernel,
      dRecurrentKernel,
      sumOfRows(backend, flat),
      dh0,
      dc0,
      norms ? rowNorms(backend, received) : empty(),
    ];
  });
}
