import type { Float64Matrix } from '../../kernels/float64Matrix.ts';
import type { CellStep, StepGradients } from '../../layers/equations/cellEquations.ts';
import { tanhSlope } from '../../layers/jacobian/slopes.ts';
import type { ExplainedGradient, ExplainedStateGradient, GradientPart } from '../../protocol/explain.ts';
import type { ActivationName } from '../../protocol/probes.ts';
import { norm } from '../../judgment/numbers.ts';
import type { BackwardPass, Loss } from './backwardPass.ts';
import { entry, gatesOf, product, type UnitAtStep } from './explainStep.ts';
import type { ForwardPass, LayerPass } from './forwardPass.ts';
import { largestTerms, singleTerm } from './largestTerms.ts';

/** A loss and its backward pass. */
export interface ExplainedLoss {
  readonly pass: ForwardPass;
  readonly loss: Loss;
  readonly backward: BackwardPass;
  /** Names of the outputs. */
  readonly tokens: readonly string[];
}

/** Recurrent weight of a gate, from a unit. */
export interface RecurrentWeight {
  readonly gate: ActivationName;
  readonly from: number;
}

/**
 * Explains the backward pass of a loss at one step for one unit, and the gradient by one of its recurrent weights.
 * @throws RangeError for a step after the last one with a loss, or a gate that the cell lacks
 */
export function explainGradient(explained: ExplainedLoss, at: UnitAtStep, weight: RecurrentWeight): ExplainedGradient {
  const { pass, backward, loss } = explained;
  const layerPass = pass.layers[at.layer]!;
  const { units } = layerPass.layer.weights;
  const gradients = backward.layers[at.layer]![at.step];
  if (!gradients) throw new RangeError('The loss does not depend on a state after its step.');
  return {
    loss: loss.value,
    h: hiddenGradient(explained, at),
    c: gradients.state.c ? cellGradient(layerPass, backward, at) : null,
    gates: gatesOf(layerPass.layer.cell.kind).map(({ name, block }) => ({
      gate: name,
      byValue: gradients.gates[block * units + at.unit]!,
      slope: gradients.slopes[block * units + at.unit]!,
      total: gradients.sums[block * units + at.unit]!,
    })),
    weight: weightGradient(layerPass, backward.layers[at.layer]!, at.unit, weight),
  };
}

function hiddenGradient(explained: ExplainedLoss, at: UnitAtStep): ExplainedStateGradient {
  const { pass, backward } = explained;
  const parts = [
    ...outputPart(explained, at),
    ...partsFromAbove(pass, backward, at),
    ...partsFromNext(pass.layers[at.layer]!, backward, at),
  ];
  return { total: parts.reduce((total, { value }) => total + value, 0), parts };
}

/** Through the logits of the step, for the last layer. */
function outputPart({ pass, backward, tokens }: ExplainedLoss, at: UnitAtStep): GradientPart[] {
  const { model, layers } = pass;
  const byLogits = backward.logits[at.step];
  if (at.layer < layers.length - 1 || !byLogits) return [];
  const { kernel } = model.output;
  const weightOf = throughProjection(layers[at.layer]!, kernel, at.unit);
  const sum = largestTerms(kernel.columns, weightOf, (i) => byLogits[i]!);
  const terms = sum.terms.map((term) => ({ ...term, token: tokens[term.index]! }));
  return [part('output', null, { ...sum, terms })];
}

/** Through the gates of the layer above, which read the output of this layer. */
function partsFromAbove({ layers }: ForwardPass, backward: BackwardPass, at: UnitAtStep): GradientPart[] {
  const above = layers[at.layer + 1];
  const gradients = backward.layers[at.layer + 1]?.[at.step];
  if (!above || !gradients) return [];
  const { kernel, units } = above.layer.weights;
  const weightOf = throughProjection(layers[at.layer]!, kernel, at.unit);
  return gatesOf(above.layer.cell.kind).map(({ name, block }) =>
    part(
      'above',
      name,
      largestTerms(
        units,
        (k) => weightOf(block * units + k),
        (k) => gradients.sums[block * units + k]!,
      ),
    ),
  );
}

/** Through the gates of the next step, and through the state that it keeps. */
function partsFromNext({ layer, steps }: LayerPass, backward: BackwardPass, at: UnitAtStep): GradientPart[] {
  const gradients = backward.layers[at.layer]![at.step + 1];
  if (!gradients) return [];
  const { recurrentKernel, units } = layer.weights;
  const next = steps[at.step + 1]!;
  const throughGates = gatesOf(layer.cell.kind).map(({ name, block }) =>
    part(
      'next',
      name,
      largestTerms(
        units,
        (k) => entry(recurrentKernel, at.unit, block * units + k),
        (k) => gradients.products[block * units + k]!,
      ),
      next.scales[block]?.[at.unit] ?? null,
    ),
  );
  if (!gradients.kept) return throughGates;
  // The update gate, which keeps the state, is the first block.
  return [part('kept', null, singleTerm(at.unit, next.gates[at.unit]!, gradients.state.h[at.unit]!)), ...throughGates];
}

/** dL/dc_t of an LSTM: through h_t, and through c_{t+1}. */
function cellGradient({ layer, steps }: LayerPass, backward: BackwardPass, at: UnitAtStep): ExplainedStateGradient {
  const gradients = backward.layers[at.layer]!;
  const { units } = layer.weights;
  const gateOf = (name: ActivationName, { gates }: CellStep) => {
    const { block } = gatesOf(layer.cell.kind).find((gate) => gate.name === name)!;
    return gates[block * units + at.unit]!;
  };
  const step = steps[at.step]!;
  const slope = gateOf('output', step) * tanhSlope(step.state.c![at.unit]!);
  const through = part('hidden', null, singleTerm(at.unit, slope, gradients[at.step]!.state.h[at.unit]!));
  const later = gradients[at.step + 1];
  const parts = later
    ? [
        through,
        part('cell', null, singleTerm(at.unit, gateOf('forget', steps[at.step + 1]!), later.state.c![at.unit]!)),
      ]
    : [through];
  return { total: parts.reduce((total, { value }) => total + value, 0), parts };
}

function part(
  path: GradientPart['path'],
  gate: ActivationName | null,
  sum: GradientPart['sum'],
  factor: number | null = null,
): GradientPart {
  return { path, gate, sum, factor, value: (factor ?? 1) * sum.total };
}

/** Weights from a hidden unit to the columns of a matrix that reads the output of its layer. */
function throughProjection({ layer: { projection } }: LayerPass, matrix: Float64Matrix, unit: number) {
  return (column: number) => (projection ? product(projection, matrix, unit, column) : entry(matrix, unit, column));
}

/**
 * Gradient by a recurrent weight as a sum over steps: dL/dU = sum over k of h_{k-1} times dL by the product of step k
 * (Werbos 1990; Pascanu et al. 2013, eq. 4, where the last factor is the product of Jacobians from the loss back to k).
 */
function weightGradient(
  { layer, steps }: LayerPass,
  gradients: readonly (StepGradients | undefined)[],
  unit: number,
  { gate, from }: RecurrentWeight,
): ExplainedGradient['weight'] {
  const { units, recurrentKernel } = layer.weights;
  const place = gatesOf(layer.cell.kind).find(({ name }) => name === gate);
  if (!place || from >= units)
    throw new RangeError(`The layer ${layer.name} has no weight of ${gate} from unit ${from}.`);
  const column = place.block * units + unit;
  const all = new Float64Array(recurrentKernel.values.length);
  const rows = gradients.flatMap((gradient, k) => {
    if (!gradient) return [];
    const read = (block: number, i: number) => (steps[k]!.scales[block]?.[i] ?? 1) * steps[k]!.before.h[i]!;
    return [
      {
        h: gradient.state.h[unit]!,
        hNorm: norm(gradient.state.h),
        value: read(place.block, from) * gradient.products[column]!,
        norm: addOuterProducts(all, units, read, gradient.products),
      },
    ];
  });
  return {
    value: entry(recurrentKernel, from, column),
    total: rows.reduce((total, { value }) => total + value, 0),
    norm: norm(all),
    steps: rows,
  };
}

/**
 * Adds the gradient of one step by all recurrent weights to `all`, `[units, gates * units]`.
 * @returns its L2 norm
 */
function addOuterProducts(
  all: Float64Array,
  units: number,
  read: (block: number, i: number) => number,
  products: Float64Array,
): number {
  const norms: number[] = [];
  for (let block = 0; block < products.length / units; block++) {
    const rows = Float64Array.from({ length: units }, (_, i) => read(block, i));
    for (let i = 0; i < units; i++)
      for (let k = 0; k < units; k++)
        all[i * products.length + block * units + k]! += rows[i]! * products[block * units + k]!;
    norms.push(norm(rows) * norm(products.subarray(block * units, (block + 1) * units)));
  }
  return norm(norms);
}
