import { isSigmoid } from '../../config/cells.ts';
import type { ActivationMap, UnitSort } from '../../protocol/inspection.ts';
import type { ActivationName } from '../../protocol/probes.ts';
import { type Activations, unitValues } from './activations.ts';
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
  const [low, high] = isSigmoid(name) ? [0, 1] : symmetric(rows);
  const values = new Uint8Array(cell.units * timeSteps);
  const holes = new Uint8Array(cell.units * timeSteps);
  rows.forEach((row, index) => {
    row.forEach((value, t) => {
      const place = index * timeSteps + t;
      if (Number.isFinite(value)) values[place] = Math.round((255 * (value - low)) / (high - low));
      else holes[place] = 1;
    });
  });
  return {
    units: cell.units,
    timeSteps,
    low,
    high,
    values,
    holes: holes.includes(1) ? holes : null,
    order,
    scores: scores.length > 0 ? order.map((unit) => scores[unit] ?? 0) : [],
  };
}

/** Smallest range symmetric about 0 that contains all finite values. */
function symmetric(rows: readonly Float32Array[]): [low: number, high: number] {
  let largest = 0;
  for (const row of rows)
    for (const value of row) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest > 0 ? [-largest, largest] : [-1, 1];
}
