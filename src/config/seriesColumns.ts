import type { TaskConfig } from './task.ts';

type ForecastingConfig = Extract<TaskConfig, { name: 'forecasting' }>;

/** A column of a table with its role in a series. */
export interface SeriesColumn {
  /** `value` is read, `target` is read and forecast, `time` orders the rows, and `group` names the series. */
  readonly role: string;
  readonly type: string;
}

const NUMBERS: ReadonlySet<string> = new Set(['number', 'integer']);

/** The fields of the task of forecasting that give the columns of a table these roles. Columns have numbers from 1. */
export function seriesColumnFields(
  columns: readonly SeriesColumn[],
): Pick<ForecastingConfig, 'inputs' | 'column' | 'timeColumn' | 'seriesColumn'> {
  const numbersOf = (...roles: readonly string[]) =>
    columns.flatMap(({ role }, at) => (roles.includes(role) ? [String(at + 1)] : []));
  const isUsual = columns.every(
    ({ role, type }) => ['value', 'target'].includes(role) === (NUMBERS.has(type) && role !== 'group'),
  );
  const time = columns.findIndex(({ role }) => role === 'time');
  return {
    inputs: isUsual ? '' : numbersOf('value', 'target').join(','),
    column: numbersOf('target').join(','),
    timeColumn: time >= 0 ? String(time + 1) : columns.some(({ type }) => type === 'time') ? 'none' : '',
    seriesColumn: numbersOf('group').join(','),
  };
}
