import { isSigmoid } from '../../config/cells.ts';
import type { ActivationMap, UnitSort } from '../../protocol/inspection.ts';
import type { ActivationName } from '../../protocol/probes.ts';
import { type Activations, unitValues } from './activations.ts';
import { unitOrder, unitScores } from './unitScores.ts';

/** One activation of a layer over a text, quantized to bytes, with one row per unit, sorted. */
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
  rows.forEach((row, index) => {
    values.set(
      row.map((value) => Math.round((255 * (value - low)) / (high - low))),
      index * timeSteps,
    );
  });
  return {
    units: cell.units,
    timeSteps,
    low,
    high,
    values,
    order,
    scores: scores.length > 0 ? order.map((unit) => scores[unit] ?? 0) : [],
  };
}

/** Smallest range symmetric about 0 that contains all values. */
function symmetric(rows: readonly Float32Array[]): [low: number, high: number] {
  const largest = rows.reduce((most, row) => row.reduce((more, value) => Math.max(more, Math.abs(value)), most), 0);
  return largest > 0 && Number.isFinite(largest) ? [-largest, largest] : [-1, 1];
}
