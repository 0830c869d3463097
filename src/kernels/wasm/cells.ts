import type { TensorInfo } from '@tensorflow/tfjs';
import type {
  LstmGradInputs,
  LstmInputs,
  SequenceAttributes,
  SequenceGradAttributes,
  GruAttributes,
  GruGradAttributes,
  GruGradInputs,
  GruInputs,
  RnnAttributes,
  RnnGradAttributes,
  RnnGradInputs,
  RnnInputs,
} from '../contract.ts';
import { rnnActivations } from './layout.ts';
import type { KernelMemory } from './memory.ts';
import { type Cell, runBackward, runForward } from './sequence.ts';

/** Recurrent cell kernels in WebAssembly. */

export const LSTM: Cell = { name: 'lstm', gates: 4, states: 2 };
export const GRU: Cell = { name: 'gru', gates: 3, states: 1 };
export const RNN: Cell = { name: 'rnn', gates: 1, states: 1 };

export function lstmSequence(inputs: LstmInputs, { reverse }: SequenceAttributes, memory: KernelMemory): TensorInfo[] {
  const [timeSteps, batch] = inputs.x.shape as [number, number];
  const [units] = inputs.recurrentKernel.shape;
  const c = memory.allocate([timeSteps, batch, units]);
  const storedGates = memory.allocate([timeSteps, batch, 4 * units]);
  const h = runForward(LSTM, inputs, reverse, [memory.pointerTo(inputs.c0), c.pointer, storedGates.pointer], memory);
  return [h, c.info, storedGates.info];
}

export function lstmSequenceGrad(
  inputs: LstmGradInputs,
  attributes: SequenceGradAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const { c0, c, storedGates, dcLast } = inputs;
  const dc0 = memory.allocate([...c0.shape]);
  const cellArguments = [...[c0, c, storedGates, dcLast].map((tensor) => memory.pointerTo(tensor)), dc0.pointer];
  const biasShape = [inputs.recurrentKernel.shape[1]];
  const { dx, dKernel, dRecurrentKernel, dBias, dh0, norms } = runBackward(
    LSTM,
    inputs,
    attributes,
    biasShape,
    cellArguments,
    memory,
  );
  return [dx, dKernel, dRecurrentKernel, dBias, dh0, dc0.info, norms];
}

export function gruSequence(
  inputs: GruInputs,
  { reverse, resetAfter }: GruAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const [timeSteps, batch] = inputs.x.shape as [number, number];
  const [units] = inputs.recurrentKernel.shape;
  const storedGates = memory.allocate([timeSteps, batch, 3 * units]);
  const recurrentCandidate = resetAfter ? memory.allocate([timeSteps, batch, units]) : memory.empty();
  const cellArguments = [storedGates.pointer, recurrentCandidate.pointer, Number(resetAfter)];
  const h = runForward(GRU, inputs, reverse, cellArguments, memory);
  return [h, storedGates.info, recurrentCandidate.info];
}

export function gruSequenceGrad(
  inputs: GruGradInputs,
  attributes: GruGradAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const { recurrentKernel, storedGates, recurrentCandidate } = inputs;
  const { resetAfter } = attributes;
  const width = recurrentKernel.shape[1];
  const cellArguments = [
    memory.pointerTo(storedGates),
    resetAfter ? memory.pointerTo(recurrentCandidate) : 0,
    Number(resetAfter),
  ];
  const gradients = runBackward(GRU, inputs, attributes, resetAfter ? [2, width] : [width], cellArguments, memory);
  const { dx, dKernel, dRecurrentKernel, dBias, dh0, norms } = gradients;
  return [dx, dKernel, dRecurrentKernel, dBias, dh0, norms];
}

export function rnnSequence(
  inputs: RnnInputs,
  { reverse, activation }: RnnAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const [timeSteps, batch] = inputs.x.shape as [number, number];
  const [units] = inputs.recurrentKernel.shape;
  const slopes = activation === 'tanh' ? memory.allocate([timeSteps, batch, units]) : memory.empty();
  const h = runForward(RNN, inputs, reverse, [rnnActivations[activation], slopes.pointer], memory);
  return [h, slopes.info];
}

export function rnnSequenceGrad(
  inputs: RnnGradInputs,
  attributes: RnnGradAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const biasShape = [inputs.recurrentKernel.shape[1]];
  const { activation } = attributes;
  const slopes = activation === 'tanh' ? memory.pointerTo(inputs.slopes) : 0;
  const cellArguments = [rnnActivations[activation], slopes];
  const { dx, dKernel, dRecurrentKernel, dBias, dh0, norms } = runBackward(
    RNN,
    inputs,
    attributes,
    biasShape,
    cellArguments,
    memory,
  );
  return [dx, dKernel, dRecurrentKernel, dBias, dh0, norms];
}
