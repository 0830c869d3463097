import { isSigmoid } from '../../config/cells.ts';
import type { ActivationMap, UnitSort } from '../../protocol/inspection.ts';
import type { ActivationName } from '../../protocol/probes.ts';
import { type Activations, unitValues } from './activations.ts';
import { quantized, symmetricRange } from './quantize.ts';
import { unitOrder, unitScores } from './unitScores.ts';

/** One activation of a layer over a text, quantized to bytes, with one row per unit, sorted. Values that are not finite are holes. */
export function activationMap(
  activations: Activations,
  name: ActivationName,
  sort: UnitSort,
  tokens: readonly string[],
): ActivationMap {
  const { cell, timeSteps } = activations;
  const scores = unitScores(activations, name, sort, tokens);
  const order = unitOrder(cell.units, scores);
  const rows = order.map((unit) => unitValues(activations, name, unit));
  const [low, high] = isSigmoid(name) ? [0, 1] : symmetricRange(rows);
  const all = new Float32Array(cell.units * timeSteps);
  rows.forEach((row, index) => all.set(row, index * timeSteps));
  return {
    units: cell.units,
    timeSteps,
    low,
    high,
    ...quantized(all, [low, high]),
    order,
    scores: scores.length > 0 ? order.map((unit) => scores[unit] ?? 0) : [],
  };
}
