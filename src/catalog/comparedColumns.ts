import type { RunRow } from '../protocol/runRow.ts';
import type { Column } from './columns.ts';

/** Results that a comparison shows even if they are equal, by the keys of their columns. */
const RESULTS: ReadonlySet<string> = new Set(['best', 'bestStep', 'last', 'trainLoss', 'verdict', 'seconds']);
/** Columns that are compared although no field of the configuration has their values. */
const FACTS: ReadonlySet<string> = new Set(['data', 'backend', 'parameters', 'state']);

/** Whether a column has a result of at least one of the compared runs. */
export function isResult({ key }: Column, rows: readonly RunRow[]): boolean {
  return RESULTS.has(key) && rows.some(({ values }) => values[key] != null);
}

/** Whether compared runs differ in a field of the configuration or in a fact. */
export function differs({ key, config }: Column, rows: readonly RunRow[]): boolean {
  if (RESULTS.has(key) || (config === undefined && !FACTS.has(key))) return false;
  return new Set(rows.map(({ values }) => JSON.stringify(values[key]))).size > 1;
}
