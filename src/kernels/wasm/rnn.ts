import type { TensorInfo } from '@tensorflow/tfjs';
import type { RnnActivation, RnnAttributes, RnnGradAttributes, RnnGradInputs, RnnInputs } from '../contract.ts';
import type { SequenceLabBackend } from './backend.ts';
import { type Cell, runBackward, runForward } from './sequence.ts';

/** The simple recurrent network of the contract on the backend of ours. */

const RNN: Cell = { name: 'rnn', gates: 1, states: 1 };

/** Activations by the numbers of assembly/rnn.ts. */
const activations: Record<RnnActivation, number> = { tanh: 0, relu: 1, linear: 2 };

export function rnnSequence(inputs: RnnInputs, { reverse, activation }: RnnAttributes, backend: SequenceLabBackend): TensorInfo[] {
  return [runForward(RNN, inputs, reverse, [activations[activation]], backend)];
}

export function rnnSequenceGrad(inputs: RnnGradInputs, attributes: RnnGradAttributes, backend: SequenceLabBackend): TensorInfo[] {
  const biasShape = [inputs.recurrentKernel.shape[1]];
  const own = [activations[attributes.activation]];
  const { dx, dKernel, dRecurrentKernel, dBias, dh0, norms } = runBackward(RNN, inputs, attributes, biasShape, own, backend);
  return [dx, dKernel, dRecurrentKernel, dBias, dh0, norms];
}
