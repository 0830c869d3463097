import type { StoredRun } from '../storedRun.ts';
import { type ColumnType, type Table, TableBuilder } from '../table.ts';

const PLACE = ['run', 'name', 'step', 'layer', 'direction'] as const;
const CURVES = ['median', 'low', 'high', 'mean', 'h', 'c'] as const;
const SHARES = ['low', 'high'] as const;
/** Number of bins of the histogram of a gate. */
const BINS = 20;

const TYPES: Readonly<Record<string, ColumnType>> = {
  run: 'text',
  name: 'text',
  step: 'integer',
  layer: 'text',
  direction: 'text',
  lag: 'integer',
  gate: 'text',
};

/**
 * Gradient by lag: one row per run, probe, layer, direction and lag, with the median over sequences, its 10 % and 90 %
 * quantiles, the root mean square, and the medians of the parts h and c of the state, each relative to lag 0.
 */
export async function gradientsTable(runs: readonly StoredRun[]): Promise<Table> {
  const table = new TableBuilder([...PLACE, 'lag', ...CURVES], typeOf);
  for (const run of runs) {
    for (const { step, flow } of await run.probes()) {
      for (const each of flow) {
        const place = { ...placeOf(run), step, layer: each.layer, direction: each.direction };
        for (let lag = 0; lag < each.median.length; lag++) {
          table.add({ ...place, lag, ...Object.fromEntries(CURVES.map((name) => [name, each[name]?.[lag]])) });
        }
      }
    }
  }
  return table.finish();
}

/**
 * Statistics of the gates: one row per run, probe, layer, direction and gate, with the shares of saturated activations
 * (`low` and `high`) and the shares of 20 equal bins (`bin0` to `bin19`).
 */
export async function gatesTable(runs: readonly StoredRun[]): Promise<Table> {
  const bins = Array.from({ length: BINS }, (_, bin) => `bin${bin}`);
  const table = new TableBuilder([...PLACE, 'gate', ...SHARES, ...bins], typeOf);
  for (const run of runs) {
    for (const { step, layers } of await run.probes()) {
      for (const { layer, direction, gates } of layers) {
        for (const { gate, low, high, histogram } of gates) {
          const shares = Object.fromEntries(bins.map((name, bin) => [name, histogram[bin]]));
          table.add({ ...placeOf(run), step, layer, direction, gate, low, high, ...shares });
        }
      }
    }
  }
  return table.finish();
}

function placeOf({ record }: StoredRun): { readonly run: string; readonly name: string } {
  return { run: record.id, name: record.name };
}

function typeOf(name: string): ColumnType {
  return TYPES[name] ?? 'number';
}
