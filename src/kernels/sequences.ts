import * as tf from '@tensorflow/tfjs';
import {
  GRU_SEQUENCE,
  GRU_SEQUENCE_GRAD,
  type GruAttributes,
  LSTM_SEQUENCE,
  LSTM_SEQUENCE_GRAD,
  type LstmGradOutputs,
  type LstmInputs,
  type LstmOutputs,
  RNN_SEQUENCE,
  RNN_SEQUENCE_GRAD,
  type RnnAttributes,
  type SequenceAttributes,
  type SequenceInputs,
  type Taps,
} from './contract.ts';
import {
  handOver,
  type HiddenStateKernels,
  hiddenStates,
  tap,
  type TappedGates,
  withoutBias,
  withoutLengths,
} from './hiddenStates.ts';
import { gruSequence as gru, gruSequenceGrad as gruGrad } from './reference/gru.ts';
import { rnnSequence as rnn, rnnSequenceGrad as rnnGrad } from './reference/rnn.ts';
import { kernelFunction, runDifferentiable, runKernel } from './runKernel.ts';

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
      const [h, c, storedGates] = runKernel<LstmOutputs>(LSTM_SEQUENCE, inputs, { reverse });
      tap(taps, [h, c, storedGates], LSTM_GATES);
      const outputs: [tf.Tensor3D, tf.Tensor2D] = [h, finalState(c, reverse)];
      return { outputs, kept: { ...withoutBias(inputs), h, c, storedGates } };
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

/** Gates of each cell: input, forget, candidate and output; update, reset and candidate. */
const LSTM_GATES: TappedGates = { output: 2, isTanh: [false, false, true, false] };
const GRU_GATES: TappedGates = { output: 1, isTanh: [false, false, true] };

const GRU: HiddenStateKernels = {
  forward: GRU_SEQUENCE,
  gradient: GRU_SEQUENCE_GRAD,
  outputs: ['h', 'storedGates', 'recurrentCandidate'],
  gates: GRU_GATES,
  reference: { forward: kernelFunction(gru), gradient: kernelFunction(gruGrad) },
};
const RNN: HiddenStateKernels = {
  forward: RNN_SEQUENCE,
  gradient: RNN_SEQUENCE_GRAD,
  outputs: ['h', 'slopes'],
  reference: { forward: kernelFunction(rnn), gradient: kernelFunction(rnnGrad) },
};

/** State after the last iteration, `[batch, units]`, from `[timeSteps, batch, units]`. */
export function finalState(states: tf.Tensor3D, reverse: boolean): tf.Tensor2D {
  const [timeSteps, batch, units] = states.shape;
  return tf.reshape(tf.slice(states, [reverse ? 0 : timeSteps - 1, 0, 0], [1, batch, units]), [batch, units]);
}
