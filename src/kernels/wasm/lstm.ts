import type { TensorInfo } from '@tensorflow/tfjs';
import type { LstmGradInputs, LstmInputs, SequenceAttributes, SequenceGradAttributes } from '../contract.ts';
import type { KernelMemory } from './memory.ts';
import { type Cell, runBackward, runForward } from './sequence.ts';

/** The LSTM of the contract in WebAssembly. */

const LSTM: Cell = { name: 'lstm', gates: 4, states: 2 };

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
  const own = [...[c0, c, gates, dcLast].map((tensor) => memory.pointerTo(tensor)), dc0.pointer];
  const biasShape = [inputs.recurrentKernel.shape[1]];
  const { dx, dKernel, dRecurrentKernel, dBias, dh0, norms } = runBackward(
    LSTM,
    inputs,
    attributes,
    biasShape,
    own,
    memory,
  );
  return [dx, dKernel, dRecurrentKernel, dBias, dh0, dc0.info, norms];
}
