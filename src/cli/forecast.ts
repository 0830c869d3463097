import { resolve } from 'node:path';
import { formatCsv } from '../format/csv.ts';
import { say, spokenJson } from '../phrases/phrase.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { forecast } from '../worker/forecast.ts';
import type { BackTest, Forecasted, ForecastPoint } from '../worker/tasks/storedModel.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import { readingOptions } from './readingOptions.ts';
import { type TextColumn, textTable } from './textTable.ts';

export interface ForecastFlags {
  readonly horizon?: number;
  readonly backTest: boolean;
  readonly json: boolean;
  readonly csv: boolean;
  /** Assignments of fields that say how the file is read. */
  readonly set: readonly string[];
}

/** `sequence-lab forecast`: prints the steps after the last row as a table, CSV or JSON. */
export async function forecastSeries(
  run: string,
  file: string | undefined,
  { horizon, backTest, json, csv, set }: ForecastFlags,
): Promise<void> {
  const { reading } = readingOptions(set);
  const folder = findRun(run);
  prepareNativeEnvironment((await readOwnRecord(folder)).config.threads);
  const path = file === undefined ? undefined : resolve(file);
  const found = await forecast(folder, { path, steps: horizon, backTest, reading }, backendOptions());
  if (!json) for (const note of found.notes) process.stderr.write(`${say(note)}\n`);
  process.stdout.write(json ? `${spokenJson(found)}\n` : csv ? csvOf(found) : tablesOf(found));
}

/** Names of the columns of a forecast. */
const HEAD = ['column', 'ahead', 'time', 'value', 'low', 'high'];

const METRICS = ['MAE', 'RMSE', 'sMAPE', 'MASE'];

function csvOf({ points }: Forecasted): string {
  const hasSeries = points.some(({ series }) => series !== undefined);
  return formatCsv([
    [...(hasSeries ? ['series'] : []), ...HEAD],
    ...points.map((point) => [...(hasSeries ? [point.series ?? ''] : []), ...cellsOf(point)]),
  ]);
}

function cellsOf({ column, ahead, time, value, low, high }: ForecastPoint): (string | number)[] {
  return [column, ahead, time ?? '', value, low ?? '', high ?? ''];
}

/** Columns of numbers and times to the right, those of names to the left. */
function columnsOf(headings: readonly string[]): TextColumn[] {
  const names = ['series', 'column', 'forecast'];
  return headings.map((heading) => ({ heading, align: names.includes(heading) ? 'start' : 'end' }));
}

function tablesOf(found: Forecasted): string {
  const hasSeries = found.points.some(({ series }) => series !== undefined);
  const points = textTable(
    columnsOf([...(hasSeries ? ['series'] : []), ...HEAD]),
    found.points.map((point) => [...(hasSeries ? [point.series ?? ''] : []), ...cellsOf(point).map(String)]),
  );
  return [points, ...(found.backTest ?? []).map(backTestTables)].join('');
}

/** The errors of a back-test over all origins, what they mean, and those after each origin. */
function backTestTables({ column, n, methods, origins, comparison }: BackTest): string {
  const rows = Object.entries(methods).map(([name, { mae, rmse, smape, mase }]) => [
    name,
    ...[mae, rmse, smape, mase].map(errorCell),
  ]);
  const names = Object.keys(methods);
  const hasSeries = origins.some(({ series }) => series !== undefined);
  const byOrigin = origins.map(({ series, after, methods: own }) => [
    ...(hasSeries ? [series ?? ''] : []),
    String(after),
    ...names.map((name) => errorCell(own[name]?.mae ?? null)),
  ]);
  return [
    `\nBack-test of ${column}, ${n} origins:\n`,
    textTable(columnsOf(['forecast', ...METRICS]), rows),
    `${say(comparison)}\n`,
    `\nMean absolute errors of ${column} after each origin:\n`,
    textTable(columnsOf([...(hasSeries ? ['series'] : []), 'after', ...names]), byOrigin),
  ].join('');
}

function errorCell(value: number | null): string {
  return value === null ? '-' : value.toPrecision(4);
}
