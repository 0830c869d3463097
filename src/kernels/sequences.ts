import * as tf from '@tensorflow/tfjs';
import {
  GRU_SEQUENCE,
  GRU_SEQUENCE_GRAD,
  type GruAttributes,
  type GruGradOutputs,
  type GruOutputs,
  LSTM_SEQUENCE,
  LSTM_SEQUENCE_GRAD,
  type LstmGradOutputs,
  type LstmInputs,
  type LstmOutputs,
  type Norms,
  RNN_SEQUENCE,
  RNN_SEQUENCE_GRAD,
  type RnnAttributes,
  type RnnGradOutputs,
  type RnnOutputs,
  type SequenceAttributes,
  type SequenceInputs,
  type Taps,
} from './contract.ts';
import { runDifferentiable, runKernel } from './runKernel.ts';

/** The sequence kernels as differentiable TensorFlow.js ops on the current backend. */

export interface SequenceOptions extends Partial<SequenceAttributes> {
  /** Receives intermediate results. Without taps, they are not computed. */
  readonly taps?: Taps | undefined;
}

/**
 * Runs an LSTM over a sequence; see `contract.ts` for equations and shapes.
 * @returns the hidden states `[timeSteps, batch, units]`, and the final cell state `[batch, units]`
 */
export function lstmSequence(
  inputs: SequenceInputs & Pick<LstmInputs, 'c0'>,
  { reverse = false, taps }: SequenceOptions = {},
): { h: tf.Tensor3D; cLast: tf.Tensor2D } {
  const [h, cLast] = runDifferentiable(
    withoutLengths(inputs),
    () => {
      const [h, c, gates] = tapped(taps, runKernel<LstmOutputs>(LSTM_SEQUENCE, inputs, { reverse }));
      const outputs: [tf.Tensor3D, tf.Tensor2D] = [h, finalState(c, reverse)];
      return { outputs, kept: { ...withoutBias(inputs), h, c, gates } };
    },
    ([dh, dcLast], kept) => {
      const attributes = { reverse, norms: taps !== undefined };
      const gradients = runKernel<LstmGradOutputs>(LSTM_SEQUENCE_GRAD, { ...kept, dh, dcLast }, attributes);
      const [dx, dKernel, dRecurrentKernel, dBias, dh0, dc0, norms] = gradients;
      handOver(taps, norms);
      return { x: dx, kernel: dKernel, recurrentKernel: dRecurrentKernel, bias: dBias, h0: dh0, c0: dc0 };
    },
  );
  return { h, cLast };
}

/**
 * Runs a GRU over a sequence and gives the hidden states `[timeSteps, batch, units]`; see `contract.ts` for equations
 * and shapes.
 */
export function gruSequence(
  inputs: SequenceInputs,
  { reverse = false, taps, resetAfter }: SequenceOptions & Pick<GruAttributes, 'resetAfter'>,
): tf.Tensor3D {
  const attributes: GruAttributes = { reverse, resetAfter };
  return hiddenStates(GRU, inputs, attributes, taps);
}

/**
 * Runs a simple recurrent network over a sequence and gives the hidden states `[timeSteps, batch, units]`; see
 * `contract.ts`.
 */
export function rnnSequence(
  inputs: SequenceInputs,
  { reverse = false, taps, activation }: SequenceOptions & Pick<RnnAttributes, 'activation'>,
): tf.Tensor3D {
  const attributes: RnnAttributes = { reverse, activation };
  return hiddenStates(RNN, inputs, attributes, taps);
}

/**
 * Kernels of a cell whose whole state is h.
 * @public for the layers of new cells
 */
export interface HiddenStateKernels {
  readonly forward: string;
  readonly gradient: string;
  /** Outputs of the forward kernel by name. */
  readonly outputs: readonly ['h', ...string[]];
  /**
   * Reference kernels, for a cell for which no backend has kernels. They are registered on the current backend at first
   * use, so that such a cell needs no entry in `reference/register.ts`.
   */
  readonly reference?: Readonly<Record<'forward' | 'gradient', tf.KernelConfig['kernelFunc']>>;
}

const GRU: HiddenStateKernels = {
  forward: GRU_SEQUENCE,
  gradient: GRU_SEQUENCE_GRAD,
  outputs: ['h', 'gates', 'recurrentCandidate'],
};
const RNN: HiddenStateKernels = { forward: RNN_SEQUENCE, gradient: RNN_SEQUENCE_GRAD, outputs: ['h'] };

/**
 * Runs a cell whose whole state is h over a sequence.
 * @public for the layers of new cells
 * @returns the hidden states `[timeSteps, batch, units]`
 */
export function hiddenStates(
  kernels: HiddenStateKernels,
  inputs: SequenceInputs,
  attributes: SequenceAttributes,
  taps: Taps | undefined,
): tf.Tensor3D {
  registerReference(kernels, tf.getBackend());
  const [h] = runDifferentiable(
    withoutLengths(inputs),
    () => {
      const outputs = tapped(taps, runKernel<GruOutputs | RnnOutputs>(kernels.forward, inputs, attributes));
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

function registerReference({ reference, ...names }: HiddenStateKernels, backendName: string): void {
  if (!reference || tf.getKernel(names.forward, backendName)) return;
  for (const pass of ['forward', 'gradient'] as const)
    tf.registerKernel({ kernelName: names[pass], backendName, kernelFunc: reference[pass] });
}

/** State after the last iteration, `[batch, units]`, from `[timeSteps, batch, units]`. */
export function finalState(states: tf.Tensor3D, reverse: boolean): tf.Tensor2D {
  const [timeSteps, batch, units] = states.shape;
  return tf.reshape(tf.slice(states, [reverse ? 0 : timeSteps - 1, 0, 0], [1, batch, units]), [batch, units]);
}

function withoutLengths<Inputs extends SequenceInputs>({ lengths: _, ...others }: Inputs): Omit<Inputs, 'lengths'> {
  return others;
}

function withoutBias<Inputs extends SequenceInputs>({ bias: _, ...others }: Inputs): Omit<Inputs, 'bias'> {
  return others;
}

/** Passes copies of a kernel's outputs to the taps, if they receive outputs. */
function tapped<Outputs extends tf.Tensor[]>(taps: Taps | undefined, outputs: Outputs): Outputs {
  taps?.receiveOutputs?.(outputs.map((output) => tf.keep(tf.clone(output))));
  return outputs;
}

function handOver(taps: Taps | undefined, norms: Norms): void {
  if (taps) taps.receive(tf.keep(norms));
  else norms.dispose();
}
