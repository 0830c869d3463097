import type { ActivationPlace, CellDescription } from '../../config/cells.ts';
import type { Float64Matrix } from '../../kernels/float64Matrix.ts';
import {
  EXPLAINED_OUTPUTS,
  type ExplainedGate,
  type ExplainedOutput,
  type ExplainedStep,
  type ExplainedSum,
} from '../../protocol/explain.ts';
import type { ForwardPass, LayerPass, StepInput } from './forwardPass.ts';
import { largestTerms, singleTerm } from './largestTerms.ts';

/** A unit of a layer at a step of a forward pass. */
export interface UnitAtStep {
  /** Index of the layer. */
  readonly layer: number;
  readonly unit: number;
  readonly step: number;
}

/** Gates of a cell in the order of their blocks; the hidden state for a simple RNN. */
export function gatesOf({ gates, states, activations }: CellDescription): readonly ActivationPlace[] {
  return gates === 1 ? activations : activations.filter(({ output }) => output >= states.length);
}

/**
 * Explains the forward pass at one step for one unit.
 * @param tokens names of the outputs
 * @param target index of the correct output of the step; undefined if it is unknown
 */
export function explainStep(
  pass: ForwardPass,
  { layer, unit, step }: UnitAtStep,
  tokens: readonly string[],
  target: number | undefined,
): ExplainedStep {
  const layerPass = pass.layers[layer]!;
  const { cell, equations, weights } = layerPass.layer;
  const { before, state } = layerPass.steps[step]!;
  const input = layerPass.inputs[step]!;
  const of = ({ h, c }: typeof state) => ({ h: h[unit]!, c: c?.[unit] ?? null });
  return {
    cell: cell.kind.name,
    form: equations.form,
    units: weights.units,
    reads: layer > 0 ? 'layer' : typeof input === 'number' ? 'one-hot' : 'embedding',
    recurrentFactor: cell.recurrentFactor ?? null,
    gates: gatesOf(cell.kind).map((gate) => explainGate(layerPass, gate, unit, step)),
    before: of(before),
    state: of(state),
    outputs: explainOutputs(pass, { layer, unit, step }, tokens, target),
    target: target ?? null,
  };
}

function explainGate(
  { layer, inputs, steps }: LayerPass,
  { name, block }: ActivationPlace,
  unit: number,
  step: number,
): ExplainedGate {
  const { units, kernel, recurrentKernel, bias } = layer.weights;
  const { before, scales, factors, sums, gates } = steps[step]!;
  const column = block * units + unit;
  const scale = scales[block];
  return {
    gate: name,
    input: inputTerms(inputs[step]!, kernel, column),
    recurrent: largestTerms(
      units,
      (i) => entry(recurrentKernel, i, column),
      (i) => (scale?.[i] ?? 1) * before.h[i]!,
    ),
    bias: bias[0][column]!,
    recurrentBias: bias[1]?.[column] ?? null,
    factor: factors[block]?.[unit] ?? null,
    total: sums[column]!,
    value: gates[column]!,
  };
}

function inputTerms(input: StepInput, kernel: Float64Matrix, column: number): ExplainedSum {
  if (typeof input === 'number') return singleTerm(input, entry(kernel, input, column), 1);
  return largestTerms(
    input.length,
    (i) => entry(kernel, i, column),
    (i) => input[i]!,
  );
}

function explainOutputs(
  { model, layers, outputs, logits, probabilities }: ForwardPass,
  { layer, unit, step }: UnitAtStep,
  tokens: readonly string[],
  target: number | undefined,
): ExplainedOutput[] {
  const { kernel, bias } = model.output;
  const last = layers.length - 1;
  const { projection } = layers[last]!.layer;
  const h = layers[last]!.steps[step]!.state.h[unit]!;
  return likeliest(probabilities[step]!, target).map((index): ExplainedOutput => {
    const weight = projection ? product(projection, kernel, unit, index) : entry(kernel, unit, index);
    return {
      index,
      token: tokens[index]!,
      sum: largestTerms(
        kernel.rows,
        (i) => entry(kernel, i, index),
        (i) => outputs[step]![i]!,
      ),
      bias: bias[index]!,
      logit: logits[step]![index]!,
      probability: probabilities[step]![index]!,
      fromUnit: layer === last ? weight * h : null,
    };
  });
}

/** Indices of the most likely outputs, followed by the correct one if it is not among them. */
function likeliest(probabilities: Float64Array, target: number | undefined): number[] {
  const most = Array.from(probabilities.keys())
    .sort((a, b) => probabilities[b]! - probabilities[a]!)
    .slice(0, EXPLAINED_OUTPUTS);
  return target === undefined || most.includes(target) ? most : [...most, target];
}

export function entry({ values, columns }: Float64Matrix, row: number, column: number): number {
  return values[row * columns + column]!;
}

/** Entry of the product of two matrices. */
export function product(a: Float64Matrix, b: Float64Matrix, row: number, column: number): number {
  let sum = 0;
  for (let k = 0; k < b.rows; k++) sum += entry(a, row, k) * entry(b, k, column);
  return sum;
}
