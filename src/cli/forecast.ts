import { resolve } from 'node:path';
import { formatCsv } from '../format/csv.ts';
import { say, spokenJson } from '../phrases/phrase.ts';
import { readRecord } from '../runs/record.ts';
import { forecast } from '../worker/forecast.ts';
import type { Forecasted, ForecastPoint } from '../worker/tasks/storedModel.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import { type TextColumn, textTable } from './textTable.ts';

export interface ForecastFlags {
  readonly horizon?: number;
  readonly backTest: boolean;
  readonly json: boolean;
  readonly csv: boolean;
}

/** `sequence-lab forecast`: prints the steps after the last row as a table, CSV or JSON. */
export async function forecastSeries(
  run: string,
  file: string | undefined,
  { horizon, backTest, json, csv }: ForecastFlags,
): Promise<void> {
  const folder = findRun(run);
  prepareNativeEnvironment((await readRecord(folder)).config.threads);
  const path = file === undefined ? undefined : resolve(file);
  const found = await forecast(folder, { path, steps: horizon, backTest }, backendOptions());
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
  const tests = (found.backTest ?? []).map(({ column, n, methods }) => {
    const rows = Object.entries(methods).map(([name, { mae, rmse, smape, mase }]) => [
      name,
      ...[mae, rmse, smape].map((value) => value.toPrecision(4)),
      mase === null ? '-' : mase.toPrecision(4),
    ]);
    return `\nBack-test of ${column}, ${n} origins:\n${textTable(columnsOf(['forecast', ...METRICS]), rows)}`;
  });
  return [points, ...tests].join('');
}
