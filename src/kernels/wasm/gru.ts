import type { TensorInfo } from '@tensorflow/tfjs';
import type { GruAttributes, GruGradAttributes, GruGradInputs, GruInputs } from '../contract.ts';
import type { KernelMemory } from './memory.ts';
import { type Cell, runBackward, runForward } from './sequence.ts';

/** The GRU of the contract in WebAssembly. */

const GRU: Cell = { name: 'gru', gates: 3, states: 1 };

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
  const own = [memory.pointerTo(gates), resetAfter ? memory.pointerTo(recurrentCandidate) : 0, Number(resetAfter)];
  const gradients = runBackward(GRU, inputs, attributes, resetAfter ? [2, width] : [width], own, memory);
  const { dx, dKernel, dRecurrentKernel, dBias, dh0, norms } = gradients;
  return [dx, dKernel, dRecurrentKernel, dBias, dh0, norms];
}
