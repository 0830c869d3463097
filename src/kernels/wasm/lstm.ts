import type { TensorInfo } from '@tensorflow/tfjs';
import type { LstmGradInputs, LstmInputs, SequenceAttributes, SequenceGradAttributes } from '../contract.ts';
import type { SequenceLabBackend } from './backend.ts';
import { Job } from './jobs.ts';

/** The LSTM of the contract on the backend of ours. */

export function lstmSequence(inputs: LstmInputs, { reverse }: SequenceAttributes, backend: SequenceLabBackend): TensorInfo[] {
  const { machine } = backend;
  const { x, kernel, recurrentKernel, bias, h0, c0, lengths } = inputs;
  const [timeSteps, batch, width = 0] = x.shape as [number, number, number?];
  const units = recurrentKernel.shape[0];
  const h = backend.allocate([timeSteps, batch, units]);
  const c = backend.allocate([timeSteps, batch, units]);
  const gates = backend.allocate([timeSteps, batch, 4 * units]);
  const threads = Math.min(batch, machine.threadsFor(8 * timeSteps * batch * units * (units + width)));
  machine.withScratch(machine.kernels.lstmForwardScratch(width, units, threads), (scratch) => {
    machine.run(Job.lstmForward, threads, [
      backend.pointerTo(x),
      width,
      ...[kernel, recurrentKernel, bias, h0, c0].map((tensor) => backend.pointerTo(tensor)),
      lengths ? backend.pointerTo(lengths) : 0,
      Number(reverse),
      timeSteps,
      batch,
      units,
      h.pointer,
      c.pointer,
      gates.pointer,
      scratch,
    ]);
  });
  return [h.info, c.info, gates.info];
}

export function lstmSequenceGrad(inputs: LstmGradInputs, attributes: SequenceGradAttributes, backend: SequenceLabBackend): TensorInfo[] {
  const { machine } = backend;
  const { x, kernel, recurrentKernel, h0, c0, lengths, h, c, gates, dh, dcLast } = inputs;
  const [timeSteps, batch, units] = h.shape;
  const width = x.shape[2] ?? 0;
  const dx = width > 0 ? backend.allocate([timeSteps, batch, width]) : backend.empty();
  const dKernel = backend.allocate([...kernel.shape]);
  const dRecurrentKernel = backend.allocate([units, 4 * units]);
  const dBias = backend.allocate([4 * units]);
  const dh0 = backend.allocate([batch, units]);
  const dc0 = backend.allocate([batch, units]);
  const norms = attributes.norms ? backend.allocate([2, timeSteps, batch]) : backend.empty();
  const threads = Math.min(batch, machine.threadsFor(16 * timeSteps * batch * units * (units + width)));
  const scratchBytes = machine.kernels.lstmBackwardScratch(width, timeSteps, batch, units, threads);
  const dzBytes = 16 * timeSteps * batch * units;
  machine.withScratch(dzBytes + scratchBytes, (dz) => {
    machine.run(Job.lstmBackward, threads, [
      backend.pointerTo(x),
      width,
      ...[kernel, recurrentKernel, h0, c0].map((tensor) => backend.pointerTo(tensor)),
      lengths ? backend.pointerTo(lengths) : 0,
      Number(attributes.reverse),
      timeSteps,
      batch,
      units,
      ...[h, c, gates, dh, dcLast].map((tensor) => backend.pointerTo(tensor)),
      dx.pointer,
      dKernel.pointer,
      kernel.shape[0],
      dRecurrentKernel.pointer,
      dBias.pointer,
      dh0.pointer,
      dc0.pointer,
      norms.pointer,
      dz,
      dz + dzBytes,
    ]);
  });
  return [dx, dKernel, dRecurrentKernel, dBias, dh0, dc0, norms].map(({ info }) => info);
}
