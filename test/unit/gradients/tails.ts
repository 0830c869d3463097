import assert from 'node:assert/strict';
import type { NamedTensor } from '../../../src/models/weights.ts';
import type { CellName } from '../../../src/config/cells.ts';
import type { SequenceCase } from '../../oracle/cells.ts';
import { expectedOf } from './sequenceCall.ts';

/** Largest relative error of a gradient norm or a gate product. */
const TOLERANCE = 1e-3;
/** Norms and products are compared down to this fraction of those at lag 0. */
const SMALLEST = 1e-30;

/** Seeds of saturated cases; the first two cover every kind of unit. */
export const TAIL_SEEDS = [1, 2, 3, 4];

/** Gate whose product over the steps tells what a cell keeps. */
const keepingGate: Partial<Record<CellName, number>> = { lstm: 1, gru: 0 };

/**
 * Compares gradient norms and gate products at every lag with float64, each relative to its own size.
 * @param actual outputs with `norms`, and with `gates` as activations if the cell has gates
 */
export function assertTails(actual: readonly NamedTensor[], layer: SequenceCase): void {
  const expected = expectedOf(layer);
  const { length } = layer.inputs;
  const [norms, expectedNorms] = [valuesOf(actual, 'norms'), valuesOf(expected, 'norms')];
  for (let kind = 0; kind < expectedNorms.length / length; kind++) {
    const curve = (values: Float32Array) => values.slice(kind * length, (kind + 1) * length).reverse();
    assertCurve(`norms of ${'hc'[kind]}`, curve(norms), curve(expectedNorms));
  }
  const gate = keepingGate[layer.kind.cell];
  if (gate === undefined) return;
  const [gates, expectedGates] = [valuesOf(actual, 'gates'), valuesOf(expected, 'gates')];
  const units = layer.initial[0].columns;
  const width = gates.length / length;
  for (let unit = 0; unit < units; unit++) {
    const products = (values: Float32Array) => productsBack(values, width, gate * units + unit);
    assertCurve(`gate products of unit ${unit}`, products(gates), products(expectedGates));
  }
}

/** Products of a column of `[timeSteps, width]` from the last step back, by lag. */
function productsBack(values: Float32Array, width: number, column: number): Float64Array {
  const steps = values.length / width;
  let product = 1;
  return Float64Array.from({ length: steps }, (_, lag) => (product *= values[(steps - 1 - lag) * width + column]!));
}

function assertCurve(name: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  for (let lag = 0; lag < expected.length; lag++) {
    const [value, exact] = [actual[lag]!, expected[lag]!];
    if (exact < SMALLEST * expected[0]!) continue;
    assert.ok(Math.abs(value / exact - 1) <= TOLERANCE, `${name} at lag ${lag}: ${value} where ${exact} is expected`);
  }
}

function valuesOf(tensors: readonly NamedTensor[], name: string): Float32Array {
  const tensor = tensors.find((each) => each.name === name);
  assert.ok(tensor, `the output ${name}`);
  return tensor.values;
}
