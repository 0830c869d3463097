import type { TensorInfo } from '@tensorflow/tfjs';
import type { RnnActivation, RnnAttributes, RnnGradAttributes, RnnGradInputs, RnnInputs } from '../contract.ts';
import type { KernelMemory } from './memory.ts';
import { type Cell, runBackward, runForward } from './sequence.ts';

/** The simple recurrent network of the contract in WebAssembly. */

const RNN: Cell = { name: 'rnn', gates: 1, states: 1 };

/** Activations by the numbers of assembly/rnn.ts. */
const activations: Record<RnnActivation, number> = { tanh: 0, relu: 1, linear: 2 };

export function rnnSequence(
  inputs: RnnInputs,
  { reverse, activation }: RnnAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  return [runForward(RNN, inputs, reverse, [activations[activation]], memory)];
}

export function rnnSequenceGrad(
  inputs: RnnGradInputs,
  attributes: RnnGradAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const biasShape = [inputs.recurrentKernel.shape[1]];
  const own = [activations[attributes.activation]];
  const { dx, dKernel, dRecurrentKernel, dBias, dh0, norms } = runBackward(
    RNN,
    inputs,
    attributes,
    biasShape,
    own,
    memory,
  );
  return [dx, dKernel, dRecurrentKernel, dBias, dh0, norms];
}
