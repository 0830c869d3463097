import { isSigmoid } from '../../config/cells.ts';
import type { ActivationName } from '../../protocol/probes.ts';
import type { UnitSort } from '../../protocol/inspection.ts';
import { type Activations, unitValues } from './activations.ts';
import { isOfClass } from './tokenClasses.ts';

/**
 * Scores by which units are sorted: the fraction of tokens at which the activation is saturated, the number of tokens
 * that the unit remembers, or Pearson's correlation of the activation with a class of tokens. Empty for `index`. Values
 * that are not finite are left out.
 */
export function unitScores(
  activations: Activations,
  name: ActivationName,
  sort: UnitSort,
  tokens: readonly string[],
): number[] {
  const units = Array.from({ length: activations.cell.units }, (_, unit) => unit);
  if (sort === 'index') return [];
  if (sort === 'saturation') return units.map((unit) => saturatedShare(unitValues(activations, name, unit), name));
  if (sort === 'memory') return units.map((unit) => memoryLength(activations, unit));
  const indicator = Float64Array.from(tokens, (token) => Number(isOfClass(token, sort)));
  return units.map((unit) => correlation(unitValues(activations, name, unit), indicator));
}

/** Unit numbers by decreasing absolute score, then by number. */
export function unitOrder(units: number, scores: readonly number[]): number[] {
  const size = (unit: number) => Math.abs(scores[unit] ?? 0);
  return Array.from({ length: units }, (_, unit) => unit).sort((a, b) => size(b) - size(a) || a - b);
}

function saturatedShare(values: Float32Array, name: ActivationName): number {
  // A cell state is saturated where the cell's output tanh(c) is.
  const isSaturated = (value: number) =>
    isSigmoid(name) ? value < 0.1 || value > 0.9 : Math.abs(name === 'cellState' ? Math.tanh(value) : value) > 0.9;
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.length > 0 ? finite.filter(isSaturated).length / finite.length : 0;
}

/**
 * Number of tokens after which 1/e of a unit's state is left, estimated from the mean of its memory gate. For a cell
 * without one, it is estimated from the correlation of the state with that of the token before.
 */
function memoryLength(activations: Activations, unit: number): number {
  const gate = activations.cell.kind.memoryGate;
  const rate = gate
    ? mean(unitValues(activations, gate, unit))
    : autocorrelation(unitValues(activations, 'hidden', unit));
  return rate <= 0 ? 0 : -1 / Math.log(Math.min(rate, 1 - 1e-6));
}

/** Correlation of the values with those of the previous step. */
function autocorrelation(values: Float32Array): number {
  return correlation(values.subarray(1), values.subarray(0, -1));
}

/** Pearson's correlation of the pairs that are finite; 0 if either is constant. */
function correlation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const isPair = (_: number, at: number) => Number.isFinite(first[at]) && Number.isFinite(second[at]);
  const [a, b] = [Array.from(first).filter(isPair), Array.from(second).filter(isPair)];
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let t = 0; t < a.length; t++) {
    const [x, y] = [a[t]! - meanA, b[t]! - meanB];
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const size = Math.sqrt(squaresA * squaresB);
  return size > 0 ? product / size : 0;
}

/** Mean of the values that are finite; 0 without any. */
function mean(values: ArrayLike<number>): number {
  let [sum, count] = [0, 0];
  for (let t = 0; t < values.length; t++) {
    if (!Number.isFinite(values[t])) continue;
    sum += values[t]!;
    count++;
  }
  return count > 0 ? sum / count : 0;
}
