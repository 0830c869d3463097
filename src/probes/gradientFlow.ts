import * as tf from '@tensorflow/tfjs';
import { normsOf } from '../kernels/norms.ts';
import type { HiddenState, LstmState } from '../layers/sequenceLayer.ts';
import { curvesByLag, type SequenceCurve } from '../judgment/lagCurves.ts';
import { norm } from '../judgment/numbers.ts';
import { directionsOf, type Probed, type RecurrentDirection } from './probed.ts';

/** Gradient norms of one direction of a layer after a backward pass. */
export interface DirectionFlow extends RecurrentDirection {
  /** ||dL/dh_t|| and, for a cell with a cell state, ||dL/dc_t||, one curve for each sequence. */
  readonly h: readonly SequenceCurve[];
  readonly c: readonly SequenceCurve[] | null;
  /** State before the first step: h and, for a cell with a cell state, c, each `[sequences, units]`. */
  readonly initial: readonly Float32Array[];
  /** Outputs of the forward kernel, `[timeSteps, sequences, ...]`; empty if not requested. */
  readonly outputs: readonly Float32Array[];
}

export interface GradientFlow {
  readonly directions: readonly DirectionFlow[];
  /** Unweighted losses of every step and sequence, `[rows, sequences]`. */
  readonly losses: Float32Array;
  /** L2 norms of the gradients of the parameters, in their order; empty if not requested. */
  readonly parameterNorms: readonly number[];
  /** The same norms after clipping by value. */
  readonly clippedNorms: readonly number[];
}

export interface FlowRequest {
  /** Indices of the sequences of the batch to run; they may repeat. */
  readonly sequences: readonly number[];
  /** Weights of the losses, `[rows, sequences]`; L is the weighted sum. */
  readonly weights: Float32Array;
  /** Requests the gradients of the parameters, with the limit for clipping by value (0: no limit). */
  readonly parameters?: { readonly clipValue: number };
  /** True to return states and gates. */
  readonly outputs?: boolean;
}

/**
 * Runs one forward and one backward pass from the initial states and returns the gradient norms at every state. L is a sum
 * over sequences, not a mean, so that the norms of a sequence do not depend on the size of the batch.
 */
export async function gradientFlow(probed: Probed, request: FlowRequest): Promise<GradientFlow> {
  const { sequences, weights } = request;
  const lengths = sequences.map((sequence) => probed.lengths[sequence]!);
  const directions = directionsOf(probed.layers);
  const norms = new Map<string, tf.Tensor>();
  const outputs = new Map<string, readonly tf.Tensor[]>();
  const tapsOf = (layer: string) => ({
    receive: (received: tf.Tensor) => void norms.set(layer, received),
    ...(request.outputs && { receiveOutputs: (received: readonly tf.Tensor[]) => void outputs.set(layer, received) }),
  });

  const { losses, before, states, parameters } = tf.tidy(() => {
    const initial =
      probed.initialStates?.(sequences) ?? probed.layers.map((layer) => layer.zeroState(sequences.length));
    const parts = directions.map((direction) => partsOf(direction.stateOf(initial)));
    const variables = request.parameters ? probed.parameters.map(({ variable }) => variable) : [];
    let kept: tf.Tensor | undefined;
    const gradients = tf.grads(() => {
      const each = probed.losses(sequences, initial, tapsOf);
      kept = tf.keep(tf.clone(each));
      return tf.sum<tf.Scalar>(tf.mul(each, tf.tensor2d(weights, each.shape)));
    })([...parts.flat(), ...variables]);
    return {
      losses: kept as unknown as tf.Tensor,
      before: parts,
      states: parts.map((part) => part.map(() => gradients.shift()!)),
      parameters: gradients,
    };
  });

  try {
    const flows = directions.map(async (direction, index): Promise<DirectionFlow> => {
      const { name, goBackwards } = direction.cell;
      const stepNorms = await given(norms.get(name), name).data<'float32'>();
      const initial = await Promise.all((states[index] ?? []).map(rowNorms));
      const kinds = initial.map((first, kind) =>
        curvesByLag(stepNorms.subarray(kind * (stepNorms.length / initial.length)), first, lengths, goBackwards),
      );
      const start = await Promise.all((before[index] ?? []).map((part) => part.data<'float32'>()));
      const received = await Promise.all((outputs.get(name) ?? []).map((output) => output.data<'float32'>()));
      return { ...direction, h: kinds[0] ?? [], c: kinds[1] ?? null, initial: start, outputs: received };
    });
    const parameterNorms = await normsOf(parameters);
    const clipValue = request.parameters?.clipValue ?? 0;
    const clippedNorms = clipValue > 0 ? await clippedNormsOf(parameters, clipValue) : parameterNorms;
    return {
      directions: await Promise.all(flows),
      losses: await losses.data<'float32'>(),
      parameterNorms,
      clippedNorms,
    };
  } finally {
    tf.dispose([losses, before, states, parameters, [...norms.values()], [...outputs.values()].flat()]);
  }
}

/** Parts of a state: h, and c if there is one. */
function partsOf(state: HiddenState | LstmState): tf.Tensor2D[] {
  return 'c' in state ? [state.h, state.c] : [state.h];
}

/** L2 norms of the rows of `[batch, units]`. */
async function rowNorms(gradient: tf.Tensor): Promise<Float64Array> {
  const [batch = 0, units = 0] = gradient.shape;
  const values = await gradient.data();
  return Float64Array.from({ length: batch }, (_, b) => norm(values.subarray(b * units, (b + 1) * units)));
}

async function clippedNormsOf(gradients: readonly tf.Tensor[], clipValue: number): Promise<number[]> {
  const clipped = tf.tidy(() => gradients.map((gradient) => tf.clipByValue(gradient, -clipValue, clipValue)));
  const norms = await normsOf(clipped);
  tf.dispose(clipped);
  return norms;
}

function given(norms: tf.Tensor | undefined, layer: string): tf.Tensor {
  if (!norms) throw new Error(`No gradient reached the layer ${layer}.`);
  return norms;
}
