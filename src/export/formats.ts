import { csvBytes, jsonBytes, parquetBytes } from './writeTable.ts';
import type { StoredRun } from './storedRun.ts';
import type { Table } from './table.ts';
import { curvesTable } from './tables/curves.ts';
import { gatesTable, gradientsTable } from './tables/probes.ts';
import { runsTable } from './tables/runs.ts';

/** Tables of runs by the name of their content. */
const tables = {
  curves: curvesTable,
  runs: async (runs) => Promise.resolve(runsTable(runs)),
  probes: gradientsTable,
  gates: gatesTable,
} as const satisfies Record<string, (runs: readonly StoredRun[]) => Promise<Table>>;

export type TableName = keyof typeof tables;

/** Names of the contents of tables; the first is the default. */
export const TABLE_NAMES = Object.keys(tables) as readonly TableName[];

/** Formats of tables by their name, which is also the extension of the file. */
const tableFormats = {
  csv: csvBytes,
  json: jsonBytes,
  parquet: parquetBytes,
} as const satisfies Record<string, (table: Table) => Uint8Array>;

export type TableFormat = keyof typeof tableFormats;

/** Names of the formats of tables. */
export const TABLE_FORMATS = Object.keys(tableFormats) as readonly TableFormat[];

/** A table of runs as a file. @throws Error that names a damaged file of a run */
export async function tableFile(
  runs: readonly StoredRun[],
  content: TableName,
  format: TableFormat,
): Promise<Uint8Array> {
  return tableFormats[format](await tables[content](runs));
}
