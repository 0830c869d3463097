import * as l10n from '@vscode/l10n';
import type { ActivationMap, Inspection } from '../../../src/protocol/inspection.ts';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import type { Cell, HeatMapScene } from '../../charts/heatMapScene.ts';
import { valueText } from './valueText.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Reorders the rows of a map. @param order unit number of each row */
export function inOrder(map: ActivationMap, order: readonly number[]): ActivationMap {
  const { timeSteps } = map;
  const rowOf = new Map(map.order.map((unit, row) => [unit, row]));
  const reordered = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
    const result = new Uint8Array(bytes.length);
    order.forEach((unit, row) => {
      const from = (rowOf.get(unit) ?? 0) * timeSteps;
      result.set(bytes.subarray(from, from + timeSteps), row * timeSteps);
    });
    return result;
  };
  return { ...map, values: reordered(map.values), holes: map.holes && reordered(map.holes), order: [...order] };
}

/** The first columns of a map. */
export function firstColumns(map: ActivationMap, timeSteps: number): ActivationMap {
  const cut = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
    const result = new Uint8Array(map.units * timeSteps);
    for (let row = 0; row < map.units; row++) {
      const start = row * map.timeSteps;
      result.set(bytes.subarray(start, start + timeSteps), row * timeSteps);
    }
    return result;
  };
  return { ...map, timeSteps, values: cut(map.values), holes: map.holes && cut(map.holes) };
}

/** Builds the heat map of an activation, `[units, tokens]`. @param details lines shown for a unit at a token */
export function gateScene(
  activation: ActivationName,
  map: ActivationMap,
  tokens: Inspection['tokens'],
  details: (unit: number, token: number) => readonly string[],
): HeatMapScene {
  const { units, timeSteps, low, high, values, holes, order } = map;
  const unitOf = (row: number) => order[row] ?? 0;
  const signed = low < 0;
  return {
    title: say(activationNames[activation].name),
    rows: {
      title: l10n.t('unit'),
      count: units,
      thinnable: true,
      label: (row) => String(unitOf(row)),
      name: (row) => l10n.t('unit {0}', unitOf(row)),
    },
    columns: {
      title: l10n.t('token'),
      count: timeSteps,
      thinnable: false,
      label: (column) => visibleToken(tokens[column] ?? ''),
      name: (column) => l10n.t('"{0}" at {1}', visibleToken(tokens[column] ?? ''), column + 1),
    },
    values,
    holes,
    palette: signed ? 'diverging' : 'sequential',
    low: formatEnd(low),
    high: formatEnd(high),
    text: (cell) => valueText(valueOf(map, cell), 2),
    details: ({ row, column }) => details(unitOf(row), column),
  };
}

/** Returns the activation that the byte of a cell encodes; NaN for a hole. */
export function valueOf({ timeSteps, values, holes, low, high }: ActivationMap, { row, column }: Cell): number {
  const place = row * timeSteps + column;
  return holes?.[place] === 1 ? NaN : low + ((values[place] ?? 0) / 255) * (high - low);
}

function formatEnd(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(2);
}
