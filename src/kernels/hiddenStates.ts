import * as tf from '@tensorflow/tfjs';
import type {
  GruGradOutputs,
  GruOutputs,
  Norms,
  RnnGradOutputs,
  RnnOutputs,
  SequenceAttributes,
  SequenceInputs,
  Taps,
} from './contract.ts';
import { runDifferentiable, runKernel } from './runKernel.ts';
import { gateActivations } from './ops.ts';

/** Gates among the outputs of a forward kernel. */
export interface TappedGates {
  /** Index of the stored gates. */
  readonly output: number;
  /** For each gate, true if it is a tanh, and false if it is a sigmoid. */
  readonly isTanh: readonly boolean[];
}

/** Kernels of a cell whose whole state is h. */
export interface HiddenStateKernels {
  readonly forward: string;
  readonly gradient: string;
  /** Outputs of the forward kernel by name. */
  readonly outputs: readonly ['h', ...string[]];
  readonly gates?: TappedGates;
  /** Reference kernels. They are registered at first use on a backend that has no kernels for the cell. */
  readonly reference: Readonly<Record<'forward' | 'gradient', tf.KernelConfig['kernelFunc']>>;
}

/**
 * Runs a cell whose whole state is h over a sequence.
 * @returns the hidden states `[timeSteps, batch, units]`
 */
export function hiddenStates(
  kernels: HiddenStateKernels,
  inputs: SequenceInputs,
  attributes: SequenceAttributes,
  taps: Taps | undefined,
): tf.Tensor3D {
  registerMissing(kernels, tf.getBackend());
  const [h] = runDifferentiable(
    withoutLengths(inputs),
    () => {
      const outputs = runKernel<GruOutputs | RnnOutputs>(kernels.forward, inputs, attributes);
      tap(taps, outputs, kernels.gates);
      const named = kernels.outputs.map((name, index) => [name, outputs[index]]);
      const differentiable: [tf.Tensor3D] = [outputs[0]];
      return { outputs: differentiable, kept: { ...withoutBias(inputs), ...Object.fromEntries(named) } };
    },
    ([dh], kept) => {
      const gradAttributes = { ...attributes, norms: taps !== undefined };
      const gradients = runKernel<GruGradOutputs | RnnGradOutputs>(kernels.gradient, { ...kept, dh }, gradAttributes);
      const [dx, dKernel, dRecurrentKernel, dBias, dh0, norms] = gradients;
      handOver(taps, norms);
      return { x: dx, kernel: dKernel, recurrentKernel: dRecurrentKernel, bias: dBias, h0: dh0 };
    },
  );
  return h;
}

function registerMissing({ reference, ...names }: HiddenStateKernels, backendName: string): void {
  for (const pass of ['forward', 'gradient'] as const) {
    if (tf.getKernel(names[pass], backendName)) continue;
    tf.registerKernel({ kernelName: names[pass], backendName, kernelFunc: reference[pass] });
  }
}

export function withoutLengths<Inputs extends SequenceInputs>({
  lengths: _,
  ...others
}: Inputs): Omit<Inputs, 'lengths'> {
  return others;
}

export function withoutBias<Inputs extends SequenceInputs>({ bias: _, ...others }: Inputs): Omit<Inputs, 'bias'> {
  return others;
}

/** Passes copies of a kernel's outputs to the taps, if they receive outputs, with activations and stored gates. */
export function tap(taps: Taps | undefined, outputs: readonly tf.Tensor[], gates: TappedGates | undefined): void {
  if (!taps?.receiveOutputs) return;
  const received = outputs.map((output) => tf.clone(output));
  if (gates) {
    const stored = received[gates.output]!;
    received.splice(gates.output, 1, gateActivations(stored, gates.isTanh));
    received.push(stored);
  }
  taps.receiveOutputs(received.map((output) => tf.keep(output)));
}

export function handOver(taps: Taps | undefined, norms: Norms): void {
  if (taps) taps.receive(tf.keep(norms));
  else norms.dispose();
}
