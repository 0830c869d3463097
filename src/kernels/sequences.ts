import * as tf from '@tensorflow/tfjs';
import {
  LSTM_SEQUENCE,
  LSTM_SEQUENCE_GRAD,
  type LstmGradOutputs,
  type LstmInputs,
  type LstmOutputs,
  type Norms,
  type SequenceAttributes,
  type SequenceInputs,
  type Taps,
} from './contract.ts';
import { runDifferentiable, runKernel } from './runKernel.ts';

/** The sequence kernels as differentiable TensorFlow.js ops, on whichever backend is set. */

export interface SequenceOptions extends Partial<SequenceAttributes> {
  /** Gets what the kernels compute on the way; without it, none of that costs anything. */
  readonly taps?: Taps | undefined;
}

/**
 * Runs an LSTM over a sequence; see `contract.ts` for equations and shapes.
 * @returns the hidden states `[timeSteps, batch, units]`, and the cell state after the last step walked `[batch, units]`
 */
export function lstmSequence(inputs: LstmInputs, { reverse = false, taps }: SequenceOptions = {}): { h: tf.Tensor3D; cLast: tf.Tensor2D } {
  const [h, cLast] = runDifferentiable(
    withoutLengths(inputs),
    () => {
      const [h, c, gates] = tapped(taps, runKernel<LstmOutputs>(LSTM_SEQUENCE, inputs, { reverse }));
      const outputs: [tf.Tensor3D, tf.Tensor2D] = [h, lastWalked(c, reverse)];
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

/** The last step walked of `[timeSteps, batch, units]`, `[batch, units]`. */
export function lastWalked(states: tf.Tensor3D, reverse: boolean): tf.Tensor2D {
  const [timeSteps, batch, units] = states.shape;
  return tf.reshape(tf.slice(states, [reverse ? 0 : timeSteps - 1, 0, 0], [1, batch, units]), [batch, units]);
}

function withoutLengths<Inputs extends SequenceInputs>({ lengths: _, ...others }: Inputs): Omit<Inputs, 'lengths'> {
  return others;
}

function withoutBias<Inputs extends SequenceInputs>({ bias: _, ...others }: Inputs): Omit<Inputs, 'bias'> {
  return others;
}

/** Shares the outputs of a kernel with the taps, where they ask for them. */
function tapped<Outputs extends tf.Tensor[]>(taps: Taps | undefined, outputs: Outputs): Outputs {
  taps?.receiveOutputs?.(outputs.map((output) => tf.keep(tf.clone(output))));
  return outputs;
}

function handOver(taps: Taps | undefined, norms: Norms): void {
  if (taps) taps.receive(tf.keep(norms));
  else norms.dispose();
}
