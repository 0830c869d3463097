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

const LSTM: Cell = { name: 'lstm', gates: 4, states: 2 };
const GRU: Cell = { name: 'gru', gates: 3, states: 1 };
const RNN: Cell = { name: 'rnn', gates: 1, states: 1 };

export function lstmSequence(inputs: LstmInputs, { reverse }: SequenceAttributes, memory: KernelMemory): TensorInfo[] {
  const [timeSteps, batch] = inputs.x.shape as [number, number];
  const [units] = inputs.recurrentKernel.shape;
  const c = memory.allocate([timeSteps, batch, units]);
  const gates = memory.allocate([timeSteps, batch, 4 * units]);
  const h = runForward(LSTM, inputs, reverse, [memory.pointerTo(inputs.c0), c.pointer, gates.pointer], memory);
  return [h, c.info, gates.info];
}

export function lstmSequenceGrad(
  inputs: LstmGradInputs,
  attributes: SequenceGradAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const { c0, c, gates, dcLast } = inputs;
  const dc0 = memory.allocate([...c0.shape]);
  const cellArguments = [...[c0, c, gates, dcLast].map((tensor) => memory.pointerTo(tensor)), dc0.pointer];
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
  const gates = memory.allocate([timeSteps, batch, 3 * units]);
  const recurrentCandidate = resetAfter ? memory.allocate([timeSteps, batch, units]) : memory.empty();
  const h = runForward(GRU, inputs, reverse, [gates.pointer, recurrentCandidate.pointer, Number(resetAfter)], memory);
  return [h, gates.info, recurrentCandidate.info];
}

export function gruSequenceGrad(
  inputs: GruGradInputs,
  attributes: GruGradAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const { recurrentKernel, gates, recurrentCandidate } = inputs;
  const { resetAfter } = attributes;
  const width = recurrentKernel.shape[1];
  const cellArguments = [
    memory.pointerTo(gates),
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
  return [runForward(RNN, inputs, reverse, [rnnActivations[activation]], memory)];
}

export function rnnSequenceGrad(
  inputs: RnnGradInputs,
  attributes: RnnGradAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const biasShape = [inputs.recurrentKernel.shape[1]];
  const cellArguments = [rnnActivations[attributes.activation]];
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
