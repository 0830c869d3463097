import * as tf from '@tensorflow/tfjs';
import type {
  GruAttributes,
  GruGradAttributes,
  GruGradInputs,
  GruGradOutputs,
  GruInputs,
  GruOutputs,
} from '../contract.ts';
import { empty, flatten, matrixGrad, project, projectGrad, statesBefore } from '../reference/sequence.ts';
import { sigmoidValue } from '../storedGates.ts';
import type { LabWebGpu } from './backend.ts';
import * as backward from './gruBackwardCode.ts';
import * as forward from './gruForwardCode.ts';
import { rowNorms } from './norms.ts';
import { backToFirst, range, runPass } from './sequence.ts';
import { sumOfRows } from './sums.ts';

/** Forward pass; equations and shapes in `contract.ts`. */
export function gruSequence(inputs: GruInputs, { reverse, resetAfter }: GruAttributes, backend: LabWebGpu): GruOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, bias, h0, lengths } = inputs;
    const [batch, units] = h0.shape;
    const [inputBias, recurrentBias] = resetAfter ? (tf.unstack(bias) as [tf.Tensor, tf.Tensor]) : [bias];
    const projected: tf.Tensor3D = tf.add(project(x, kernel), inputBias);
    const [timeSteps] = projected.shape;
    const states = [timeSteps, batch, units];
    const pass = {
      units,
      gates: 3,
      reverse,
      inputs: { projected, recurrentKernel, h0, recurrentBias },
      lengths,
      timeSteps,
      batch,
      sharedPerUnit: forward.SHARED,
    };
    const outputs = { h: states, storedGates: [timeSteps, batch, 3 * units] };
    if (!resetAfter) {
      // Two phases per step.
      const steps = range(2 * timeSteps);
      const { h, storedGates } = runPass(backend, {
        ...pass,
        name: 'GruResetBefore',
        outputs,
        whole: forward.wholeResetBefore,
        stepwise: forward.stepResetBefore,
        steps,
      });
      return [h, storedGates, empty()] as GruOutputs;
    }
    const { h, storedGates, recurrentCandidate } = runPass(backend, {
      ...pass,
      name: 'GruResetAfter',
      outputs: { ...outputs, recurrentCandidate: states },
      whole: forward.wholeResetAfter,
      stepwise: forward.stepResetAfter,
      steps: range(timeSteps),
    });
    return [h, storedGates, recurrentCandidate] as GruOutputs;
  });
}

/** Backpropagation through time; `reference/gru.ts` explains the loop. */
export function gruSequenceGrad(
  inputs: GruGradInputs,
  attributes: GruGradAttributes,
  backend: LabWebGpu,
): GruGradOutputs {
  const { reverse, resetAfter, norms } = attributes;
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, h, storedGates, recurrentCandidate, dh, lengths } = inputs;
    const [timeSteps, batch, units] = h.shape;
    const before = statesBefore(h0, h, reverse);
    const states = flatten(before);
    const pass = {
      units,
      gates: 3,
      reverse,
      inputs: {
        storedGates,
        before,
        dh,
        transposed: tf.transpose(recurrentKernel),
        ...(resetAfter && { recurrentCandidate }),
      },
      lengths,
      timeSteps,
      batch,
      sharedPerUnit: backward.SHARED,
    };
    const outputs = {
      dGates: [timeSteps, batch, 3 * units],
      received: [1, timeSteps, batch, units],
      carried: [batch, units],
    };
    const { dGates, received, carried, dRecurrentKernel, dRecurrentBias } = resetAfter ? resetsAfter() : resetsBefore();
    const dInput = flatten(dGates);
    const [dx, dKernel] = projectGrad(x, kernel, dInput);
    const dInputBias = sumOfRows(backend, dInput);
    const dBias = dRecurrentBias ? (tf.stack([dInputBias, dRecurrentBias]) as tf.Tensor2D) : dInputBias;
    return [
      dx,
      dKernel,
      dRecurrentKernel,
      dBias,
      carried as tf.Tensor2D,
      norms ? rowNorms(backend, received) : empty(),
    ];

    /** Weight gradients where the candidate's product is with r * h. */
    function resetsBefore() {
      const steps = backToFirst(2 * timeSteps);
      const gradients = runPass(backend, {
        ...pass,
        name: 'GruResetBeforeGrad',
        outputs,
        whole: backward.wholeResetBefore,
        stepwise: backward.stepResetBefore,
        steps,
      });
      const resets = sigmoidValue(flatten(part(storedGates, units, units)));
      const byState = matrixGrad(states, flatten(part(gradients.dGates, 0, 2 * units)));
      const byReset = matrixGrad(tf.mul(resets, states), flatten(part(gradients.dGates, 2 * units, units)));
      return { ...gradients, dRecurrentKernel: tf.concat2d([byState, byReset], 1), dRecurrentBias: undefined };
    }

    /** Weight gradients where all products are with h and the gradient of q is dg r. */
    function resetsAfter() {
      const gradients = runPass(backend, {
        ...pass,
        name: 'GruResetAfterGrad',
        outputs: { ...outputs, dCandidate: [timeSteps, batch, units] },
        whole: backward.wholeResetAfter,
        stepwise: backward.stepResetAfter,
        steps: backToFirst(timeSteps),
      });
      const dState = flatten(tf.concat([part(gradients.dGates, 0, 2 * units), gradients.dCandidate], 2));
      return { ...gradients, dRecurrentKernel: matrixGrad(states, dState), dRecurrentBias: sumOfRows(backend, dState) };
    }
  });
}

/** Slice of the last axis. */
function part(all: tf.Tensor, from: number, width: number): tf.Tensor {
  const [timeSteps, batch] = all.shape as [number, number, number];
  return tf.slice(all, [0, 0, from], [timeSteps, batch, width]);
}
