import type { TensorInfo } from '@tensorflow/tfjs';
import type { GruAttributes, GruGradAttributes, GruGradInputs, GruInputs } from '../contract.ts';
import type { SequenceLabBackend } from './backend.ts';
import { type Cell, runBackward, runForward } from './sequence.ts';

/** The GRU of the contract on the backend of ours. */

const GRU: Cell = { name: 'gru', gates: 3, states: 1 };

export function gruSequence(inputs: GruInputs, { reverse, resetAfter }: GruAttributes, backend: SequenceLabBackend): TensorInfo[] {
  const [timeSteps, batch] = inputs.x.shape as [number, number];
  const [units] = inputs.recurrentKernel.shape;
  const gates = backend.allocate([timeSteps, batch, 3 * units]);
  const recurrentCandidate = resetAfter ? backend.allocate([timeSteps, batch, units]) : backend.empty();
  const h = runForward(GRU, inputs, reverse, [gates.pointer, recurrentCandidate.pointer, Number(resetAfter)], backend);
  return [h, gates.info, recurrentCandidate.info];
}

export function gruSequenceGrad(inputs: GruGradInputs, attributes: GruGradAttributes, backend: SequenceLabBackend): TensorInfo[] {
  const { recurrentKernel, gates, recurrentCandidate } = inputs;
  const { resetAfter } = attributes;
  const width = recurrentKernel.shape[1];
  const own = [backend.pointerTo(gates), resetAfter ? backend.pointerTo(recurrentCandidate) : 0, Number(resetAfter)];
  const gradients = runBackward(GRU, inputs, attributes, resetAfter ? [2, width] : [width], own, backend);
  const { dx, dKernel, dRecurrentKernel, dBias, dh0, norms } = gradients;
  return [dx, dKernel, dRecurrentKernel, dBias, dh0, norms];
}
