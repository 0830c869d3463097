import * as tf from '@tensorflow/tfjs';
import { normsOf } from '../kernels/norms.ts';
import type { HiddenState, LstmState } from '../layers/sequenceLayer.ts';
import { curvesByLag, type SequenceCurve } from './lagCurves.ts';
import { norm } from './numbers.ts';
import { directionsOf, type Probed, type RecurrentDirection } from './probed.ts';

/** What a backward pass brought to one direction of a layer. */
export interface DirectionFlow extends RecurrentDirection {
  /** ||dL/dh_t|| and, for the LSTM, ||dL/dc_t||, a curve for each sequence. */
  readonly h: readonly SequenceCurve[];
  readonly c: readonly SequenceCurve[] | null;
  /** What the forward kernel gave, `[timeSteps, sequences, ...]`; empty where it was not asked for. */
  readonly outputs: readonly Float32Array[];
}

export interface GradientFlow {
  readonly directions: readonly DirectionFlow[];
  /** Of every step and sequence, `[rows, sequences]`, before they are weighed. */
  readonly losses: Float32Array;
  /** L2 norms of the gradients of the parameters, in their order; empty where they were not asked for. */
  readonly parameterNorms: readonly number[];
  /** The same after their values were cut off. */
  readonly cutNorms: readonly number[];
}

export interface FlowRequest {
  /** Sequences of the batch to run, which may repeat. */
  readonly sequences: readonly number[];
  /** Weights of the losses, `[rows, sequences]`: L is their weighted sum. */
  readonly weights: Float32Array;
  /** Whether to take the gradients of the parameters, and where to cut off their values (0: nowhere). */
  readonly parameters?: { readonly cutAt: number };
  /** Whether to keep states and gates. */
  readonly outputs?: boolean;
}

/**
 * One forward and one backward pass from zero states, with the norms that arrive at every state. L is a sum over
 * sequences, not a mean, so that the norms of each are those of its own loss whatever the size of the batch.
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

  const { losses, states, parameters } = tf.tidy(() => {
    const initial = probed.layers.map((layer) => layer.zeroState(sequences.length));
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
      states: parts.map((part) => part.map(() => gradients.shift()!)),
      parameters: gradients,
    };
  });

  try {
    const flows = directions.map(async (direction, index): Promise<DirectionFlow> => {
      const { name, goBackwards } = direction.cell;
      const arrived = await given(norms.get(name), name).data<'float32'>();
      const initial = await Promise.all((states[index] ?? []).map(rowNorms));
      const kinds = initial.map((first, kind) =>
        curvesByLag(arrived.subarray(kind * (arrived.length / initial.length)), first, lengths, goBackwards),
      );
      const received = await Promise.all((outputs.get(name) ?? []).map((output) => output.data<'float32'>()));
      return { ...direction, h: kinds[0] ?? [], c: kinds[1] ?? null, outputs: received };
    });
    const parameterNorms = await normsOf(parameters);
    const cutAt = request.parameters?.cutAt ?? 0;
    const cutNorms = cutAt > 0 ? await cutNormsOf(parameters, cutAt) : parameterNorms;
    return { directions: await Promise.all(flows), losses: await losses.data<'float32'>(), parameterNorms, cutNorms };
  } finally {
    tf.dispose([losses, states, parameters, [...norms.values()], [...outputs.values()].flat()]);
  }
}

/** h, and c where there is one. */
function partsOf(state: HiddenState | LstmState): tf.Tensor2D[] {
  return 'c' in state ? [state.h, state.c] : [state.h];
}

/** L2 norms of the rows of `[batch, units]`. */
async function rowNorms(gradient: tf.Tensor): Promise<Float64Array> {
  const [batch = 0, units = 0] = gradient.shape;
  const values = await gradient.data();
  return Float64Array.from({ length: batch }, (_, b) => norm(values.subarray(b * units, (b + 1) * units)));
}

async function cutNormsOf(gradients: readonly tf.Tensor[], cutAt: number): Promise<number[]> {
  const cut = tf.tidy(() => gradients.map((gradient) => tf.clipByValue(gradient, -cutAt, cutAt)));
  const norms = await normsOf(cut);
  tf.dispose(cut);
  return norms;
}

function given(norms: tf.Tensor | undefined, layer: string): tf.Tensor {
  if (!norms) throw new Error(`No gradient has reached the layer ${layer}.`);
  return norms;
}
