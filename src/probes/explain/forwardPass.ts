import * as tf from '@tensorflow/tfjs';
import type { Float64Matrix } from '../../kernels/float64Matrix.ts';
import type { CellStep } from '../../layers/equations/cellEquations.ts';
import type { LayerState } from '../../layers/sequenceLayer.ts';
import type { TextModel } from '../inspection/textModel.ts';
import { type ExplainedLayer, type ExplainedModel, explainedModel } from './explainedModel.ts';

/** Input of a layer at a step: a vector, or the id of a one-hot vector. */
export type StepInput = Float64Array | number;

export interface LayerPass {
  readonly layer: ExplainedLayer;
  readonly inputs: readonly StepInput[];
  readonly steps: readonly CellStep[];
}

/** A model's forward pass over a text in float64. */
export interface ForwardPass {
  readonly model: ExplainedModel;
  readonly ids: Int32Array;
  /** First layer first. */
  readonly layers: readonly LayerPass[];
  /** Output of the last layer at each step, `[width]`. */
  readonly outputs: readonly Float64Array[];
  /** Logits and their softmax at each step, `[outputs]`. */
  readonly logits: readonly Float64Array[];
  readonly probabilities: readonly Float64Array[];
}

/**
 * Runs a model over token ids in float64 with its current weights, without the kernels of a backend.
 * @param states states before the first token
 */
export async function forwardPass(
  model: TextModel,
  ids: Int32Array,
  states: readonly LayerState[],
): Promise<ForwardPass> {
  const explained = await explainedModel(model, states);
  let inputs: readonly StepInput[] = model.embeds ? await embedded(model, ids) : Array.from(ids);
  const layers = explained.layers.map((layer): LayerPass => {
    const steps = stepsOf(layer, inputs);
    const pass = { layer, inputs, steps };
    inputs = steps.map(({ state }) => layer.projection?.times(state.h) ?? state.h);
    return pass;
  });
  const outputs = inputs as readonly Float64Array[];
  const { kernel, bias } = explained.output;
  const logits = outputs.map((output) => kernel.times(output).map((value, index) => value + bias[index]!));
  return { model: explained, ids, layers, outputs, logits, probabilities: logits.map(softmax) };
}

function stepsOf({ weights, equations, before }: ExplainedLayer, inputs: readonly StepInput[]): CellStep[] {
  // All products with one matrix first: the memory of the products holds one matrix.
  const fromInputs = inputs.map((input) => productOf(input, weights.kernel));
  let state = before;
  return fromInputs.map((fromInput) => {
    const step = equations.step(fromInput, state);
    ({ state } = step);
    return step;
  });
}

function productOf(input: StepInput, kernel: Float64Matrix): Float64Array {
  if (typeof input !== 'number') return kernel.times(input);
  return kernel.values.subarray(input * kernel.columns, (input + 1) * kernel.columns);
}

async function embedded(model: TextModel, ids: Int32Array): Promise<Float64Array[]> {
  const vectors = tf.tidy(() => model.inputVectors(tf.tensor2d(ids, [ids.length, 1], 'int32')));
  const values = Float64Array.from(await vectors.data());
  vectors.dispose();
  const width = values.length / ids.length;
  return Array.from(ids, (_, t) => values.subarray(t * width, (t + 1) * width));
}

/** Surprisal -ln p of an output in nats, finite for any finite logits. */
export function surprisalOf({ logits }: ForwardPass, step: number, output: number): number {
  return logSumExp(logits[step]!) - logits[step]![output]!;
}

function softmax(logits: Float64Array): Float64Array {
  const normalizer = logSumExp(logits);
  return logits.map((logit) => Math.exp(logit - normalizer));
}

function logSumExp(logits: Float64Array): number {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  return largest + Math.log(logits.reduce((total, logit) => total + Math.exp(logit - largest), 0));
}
