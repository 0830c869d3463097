import { InputError, type RowProblem } from '../inputError.ts';
import type { TextSource } from '../../config/textSource.ts';
import { formatCount } from '../../format/count.ts';
import { joined, phrase, type Text } from '../../phrases/phrase.ts';
import { type OrderedRow, orderRows } from './orderRows.ts';
import { type Sentinel, suspectedSentinels } from './sentinels.ts';
import { missingReason, type Numbers, readSeriesTable, type SeriesTable } from './seriesTable.ts';
import { describeStep, formatTime, inferStep, stepsBetween, timeAfter, type TimeStep } from './timeStep.ts';

/** Steps of one series without a gap; no window spans two. */
export interface Stretch {
  /** Name of the series in the group column; empty without one. */
  readonly group: string;
  /** Index of the first step. */
  readonly first: number;
  readonly steps: number;
}

/** Time series: one row per step, one channel per column. */
export interface NumericSeries {
  /** Name of the file, for messages. */
  readonly name: string;
  /** Names of the channels. */
  readonly columns: readonly string[];
  /** Units of the channels in the file; empty without one. */
  readonly units: readonly string[];
  /** `[steps, channels]`, row-major. */
  readonly values: Float64Array;
  readonly steps: number;
  /** Indices of the channels that are inputs and that are forecast. */
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  /** Times in milliseconds since 1970 UTC, their column, and the step; null without a time column. */
  readonly times: Float64Array | null;
  readonly timeColumn: string | null;
  /** Null for irregular times. */
  readonly step: TimeStep | null;
  readonly groupColumn: string | null;
  /** The steps in the order of `values`, by series. */
  readonly stretches: readonly Stretch[];
  /** Names of columns that are not channels, such as text. */
  readonly others: readonly string[];
  /** Filled cells, skipped rows, gaps and repeated times. */
  readonly problems: readonly RowProblem[];
  /** What was found or assumed about the whole series. */
  readonly notes: readonly Text[];
  /** Numbers that probably mean that a value is missing, with their columns. */
  readonly sentinels: readonly (Sentinel & { readonly column: string })[];
}

/** How a series is read. Columns are given by name or by number from 1. */
export interface SeriesOptions {
  /**
   * Handling of cells without a number: use the previous number of the column, or reject the file; `ask` rejects a column
   * with many of them.
   */
  readonly missing?: 'ask' | 'previous' | 'refuse';
  /** Numbers that mean a missing value. */
  readonly missingValues?: readonly number[];
  /** Input columns, separated by commas; empty: those that are informative; `*`: all columns of numbers. */
  readonly inputs?: string | readonly string[];
  /** Columns to forecast, separated by commas; empty: the last input. */
  readonly targets?: string | readonly string[];
  /** Column of times; empty: found; "none": rows as they are. */
  readonly timeColumn?: string;
  /** Column that names the series of a row; empty: one series. */
  readonly groupColumn?: string;
  readonly gaps?: 'previous' | 'interpolate' | 'split' | 'refuse';
  readonly doubles?: 'mean' | 'last' | 'refuse';
}

/** Fraction of the values of a column, and their number, up to which missing ones are filled without being asked for. */
const FEW = { fraction: 0.05, count: 1 } as const;

/** Minimum fraction of numbers in a channel; columns with fewer are text. */
const NUMBERS = 0.5;
/** Steps between two rows from which one is missing, and added rows for each row that was read, at most. */
const GAP = 1.5;
const MOST_ADDED = 1;

/** A step of a series in the order of time. */
interface Step {
  /** One per channel; NaN where missing. A typed array for each of millions of steps would need much more memory. */
  readonly values: readonly number[];
  readonly time: number;
  readonly line: number;
}

/**
 * Reads the numeric columns of a table. Rows are sorted by series and time; missing numbers, gaps and repeated times are
 * handled as the options say and reported; rows before the first number of a column are skipped and reported.
 * @throws InputError for a table without numbers, a missing column, or what an option refuses, naming its line
 */
export async function readSeries(source: TextSource, options: SeriesOptions = {}): Promise<NumericSeries> {
  return seriesOf(await readSeriesTable(source), options);
}

/** The series of a table. @throws InputError as `readSeries` */
export function seriesOf(table: SeriesTable, options: SeriesOptions): NumericSeries {
  const chosen = chooseColumns(table, options);
  const { channels, time, group } = chosen;
  const numbers = channels.map((column) => withoutMissing(table.numbers(column), options.missingValues ?? []));
  const read = time === undefined ? null : table.times(time);
  const times = read && read.values;
  const problems: RowProblem[] = [...table.problems];
  const groups = orderRows(
    { rows: table.rows, times, groupOf: group === undefined ? () => '' : (cells) => (cells[group] ?? '').trim() },
    problems,
  );
  const steps = groups.map(({ rows }) => merged(table, stepsOf(rows, numbers, times), options, problems));
  const longest = steps.reduce((most, each) => (each.length > most.length ? each : most), []);
  const step = (times && inferStep(Float64Array.from(longest, (each) => each.time))) ?? null;
  const filled = steps.map((own, g) => ({
    group: groups[g]!.name,
    parts: split(table, filledSteps({ table, channels, numbers, problems }, own, options), step, options, problems),
  }));
  const stretches: Stretch[] = [];
  let first = 0;
  for (const { group: name, parts } of filled) {
    for (const part of parts) {
      stretches.push({ group: name, first, steps: part.length });
      first += part.length;
    }
  }
  const all = filled.flatMap(({ parts }) => parts.flat());
  const values = new Float64Array(all.length * channels.length);
  all.forEach((each, i) => values.set(each.values, i * channels.length));
  const nameOf = (column: number) => table.columns[column] ?? '';
  const sentinels = numbers.flatMap(({ values: own }, channel) =>
    suspectedSentinels(own).map((sentinel) => ({ column: nameOf(channels[channel]!), ...sentinel })),
  );
  return {
    name: table.name,
    columns: channels.map(nameOf),
    units: numbers.map(({ unit }) => unit),
    values,
    steps: all.length,
    inputs: chosen.inputs.map((column) => channels.indexOf(column)),
    targets: chosen.targets.map((column) => channels.indexOf(column)),
    times: times && Float64Array.from(all, (each) => each.time),
    timeColumn: time === undefined ? null : nameOf(time),
    step,
    groupColumn: group === undefined ? null : nameOf(group),
    stretches,
    others: table.columns.filter((_, column) => ![...channels, time, read?.joined, group].includes(column)),
    problems: problems.sort((a, b) => a.line - b.line),
    notes: [...table.notes, ...(read?.notes ?? []), ...stepNotes(table, time, step), ...sentinelNotes(sentinels)],
    sentinels,
  };
}

export interface ChosenColumns {
  /** Columns that are inputs, forecast or both, in the order of the table. */
  readonly channels: readonly number[];
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  readonly time: number | undefined;
  readonly group: number | undefined;
}

/** The columns that a series is made of. @throws InputError for a column that the table lacks, or without numbers */
export function chooseColumns(
  table: SeriesTable,
  { inputs = '*', targets = '', timeColumn = 'none', groupColumn = '' }: SeriesOptions,
): ChosenColumns {
  const time =
    timeColumn === ''
      ? table.timeColumn
      : timeColumn === 'none'
        ? undefined
        : columnOf(table, timeColumn, 'timeColumn');
  const group = groupColumn === '' ? undefined : columnOf(table, groupColumn, 'seriesColumn');
  const numeric = table.columns
    .map((_, column) => column)
    .filter((column) => column !== time && column !== group && isNumeric(table, column));
  if (numeric.length === 0)
    throw new InputError(
      'empty',
      phrase('"{0}" has no column of numbers. Choose a table with one row per time step.', table.name),
    );
  const informative = numeric.filter((column) => !table.isUninformative(column));
  const byDefault = inputs === '' && informative.length > 0 ? informative : numeric;
  const named = inputs === '' || inputs === '*' ? byDefault : listed(table, inputs, numeric, 'inputs');
  const forecast = targets.length === 0 ? [named.at(-1)!] : listed(table, targets, numeric, 'column');
  const channels = numeric.filter((column) => named.includes(column) || forecast.includes(column));
  // Without a list of inputs, a forecast column is read too.
  const read =
    inputs === '' ? numeric.filter((column) => byDefault.includes(column) || forecast.includes(column)) : named;
  return { channels, inputs: read, targets: forecast, time, group };
}

/** Columns of a list of names or numbers; a name may contain commas if it is the whole list. */
function listed(
  table: SeriesTable,
  list: string | readonly string[],
  numeric: readonly number[],
  field: string,
): readonly number[] {
  const names = typeof list !== 'string' ? list : table.columns.includes(list.trim()) ? [list.trim()] : list.split(',');
  const columns = names.map((name) => columnOf(table, name.trim(), field));
  const other = columns.find((column) => !numeric.includes(column));
  if (other === undefined) return [...new Set(columns)];
  throw new InputError(
    'no-column',
    phrase(
      'task.{0}: "{1}" has no column of numbers "{2}"; it has {3}.',
      field,
      table.name,
      table.columns[other] ?? '',
      numeric.map((column) => table.columns[column] ?? '').join(', '),
    ),
    { fields: [`task.${field}`] },
  );
}

function columnOf({ name, columns, find }: SeriesTable, wanted: string, field: string): number {
  const column = find(wanted);
  if (column >= 0) return column;
  throw new InputError(
    'no-column',
    phrase('task.{0}: "{1}" has no column "{2}"; it has {3}.', field, name, wanted, columns.join(', ')),
    { fields: [`task.${field}`] },
  );
}

function isNumeric(table: SeriesTable, column: number): boolean {
  const { values } = table.numbers(column);
  const known = values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  return known > NUMBERS * values.length;
}

function withoutMissing({ values, unit, reasons }: Numbers, missing: readonly number[]): Numbers {
  return missing.length === 0
    ? { values, unit, reasons }
    : { values: values.map((value) => (missing.includes(value) ? NaN : value)), unit, reasons };
}

function stepsOf(rows: readonly OrderedRow[], numbers: readonly Numbers[], times: Float64Array | null): Step[] {
  return rows.map(({ row, line }) => ({
    values: numbers.map(({ values }) => values[row]!),
    time: times?.[row] ?? NaN,
    line,
  }));
}

/** One step for each time. */
function merged(
  table: SeriesTable,
  steps: readonly Step[],
  { doubles = 'mean' }: SeriesOptions,
  problems: RowProblem[],
): Step[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.time === step.time) last.push(step);
    else groups.push([step]);
  }
  return groups.map((same) => {
    const [first] = same as [Step];
    if (same.length === 1) return first;
    const repeated = same.slice(1).map(({ line }) => ({
      line,
      reason:
        doubles === 'mean'
          ? phrase('{0} again, as in line {1}; using the mean', formatTime(first.time), first.line)
          : phrase('{0} again, as in line {1}; using the last row', formatTime(first.time), first.line),
    }));
    if (doubles === 'refuse')
      throw new InputError(
        'unreadable',
        phrase(
          '"{0}", line {1}: {2} is also the time of line {3}. Correct it, name the series in task.seriesColumn, or set task.doubles to "mean".',
          table.name,
          repeated[0]?.line ?? 0,
          formatTime(first.time),
          first.line,
        ),
        { fields: ['task.doubles'] },
      );
    problems.push(...repeated);
    const known = (channel: number) =>
      same.map(({ values }) => values[channel]!).filter((value) => !Number.isNaN(value));
    return {
      ...first,
      values: first.values.map((_, channel) => {
        const own = known(channel);
        return doubles === 'last' ? (own.at(-1) ?? NaN) : own.reduce((sum, value) => sum + value, 0) / own.length;
      }),
    };
  });
}

/** The steps from the first that has all numbers or previous ones, with missing numbers filled. */
function filledSteps(
  {
    table,
    channels,
    numbers,
    problems,
  }: {
    readonly table: SeriesTable;
    readonly channels: readonly number[];
    readonly numbers: readonly Numbers[];
    readonly problems: RowProblem[];
  },
  steps: readonly Step[],
  { missing = 'previous' }: SeriesOptions,
): Step[] {
  if (missing === 'ask') refuseManyMissing(table, channels, numbers, steps);
  let last: readonly number[] = channels.map(() => NaN);
  return steps.flatMap((step) => {
    const { values } = step;
    const isWhole = !values.some(Number.isNaN);
    last = isWhole ? values : values.map((value, channel) => (Number.isNaN(value) ? last[channel]! : value));
    if (isWhole) return step;
    const isComplete = !last.some(Number.isNaN);
    const gaps = channels.map((_, channel) => channel).filter((channel) => Number.isNaN(values[channel]));
    const reasons = joined(
      gaps.map((channel) => missingReason(numbers[channel]!, table.columns[channels[channel]!] ?? '', step.line)),
      ', ',
    );
    if (missing === 'refuse')
      throw new InputError(
        'unreadable',
        phrase('"{0}", line {1}: {2}. Correct it, or set task.missing to "previous".', table.name, step.line, reasons),
        { fields: ['task.missing'] },
      );
    problems.push({
      line: step.line,
      reason: isComplete
        ? phrase('{0}; using the previous number', reasons)
        : phrase('{0}; there is no previous number, so the row is skipped', reasons),
    });
    return isComplete ? [{ ...step, values: last }] : [];
  });
}

/** @throws InputError that names a column of which too much would be made up */
function refuseManyMissing(
  table: SeriesTable,
  channels: readonly number[],
  numbers: readonly Numbers[],
  steps: readonly Step[],
): void {
  for (const [channel, column] of channels.entries()) {
    const gaps = steps.filter(({ values }) => Number.isNaN(values[channel]));
    const [first] = gaps;
    if (!first || gaps.length <= Math.max(FEW.count, FEW.fraction * steps.length)) continue;
    const name = table.columns[column] ?? '';
    throw new InputError(
      'many-missing',
      phrase(
        '"{0}": {1} of {2} values of the column "{3}" are missing or not numbers. The first is in line {4}: {5}. Set task.missing to "previous" to repeat the value before each of them, or choose other columns with task.inputs.',
        table.name,
        gaps.length,
        steps.length,
        name,
        first.line,
        missingReason(numbers[channel]!, name, first.line),
      ),
      { fields: ['task.missing', 'task.inputs'] },
    );
  }
}

/** Fills the gaps in time of a series, or splits it there. */
function split(
  table: SeriesTable,
  steps: readonly Step[],
  step: TimeStep | null,
  { gaps = 'previous' }: SeriesOptions,
  problems: RowProblem[],
): Step[][] {
  if (!step || steps.length === 0) return steps.length === 0 ? [] : [[...steps]];
  const parts: Step[][] = [[]];
  let room = MOST_ADDED * steps.length;
  steps.forEach((each, i) => {
    const before = steps[i - 1];
    const between = before ? stepsBetween(before.time, each.time, step) : 1;
    const missing = between > GAP ? Math.round(between) - 1 : 0;
    if (before && missing > 0) {
      const reason = phrase('{0} steps are missing after {1}', missing, formatTime(before.time));
      if (gaps === 'refuse')
        throw new InputError(
          'unreadable',
          phrase(
            '"{0}", line {1}: {2}. Add rows, or set task.gaps to "previous", "interpolate" or "split".',
            table.name,
            each.line,
            reason,
          ),
          { fields: ['task.gaps'] },
        );
      const isFilled = gaps !== 'split' && missing <= room;
      problems.push({
        line: each.line,
        reason: isFilled
          ? gaps === 'interpolate'
            ? phrase('{0}; interpolated', reason)
            : phrase('{0}; using the previous row', reason)
          : phrase('{0}; the series is split there', reason),
      });
      if (isFilled) {
        room -= missing;
        for (const one of added(before, each, missing, step, gaps)) parts.at(-1)!.push(one);
      } else parts.push([]);
    }
    parts.at(-1)!.push(each);
  });
  return parts;
}

function added(before: Step, after: Step, missing: number, step: TimeStep, gaps: SeriesOptions['gaps']): Step[] {
  return Array.from({ length: missing }, (_, i) => {
    const share = gaps === 'interpolate' ? (i + 1) / (missing + 1) : 0;
    return {
      time: timeAfter(before.time, step, i + 1),
      line: before.line,
      values: before.values.map((value, channel) => value + share * (after.values[channel]! - value)),
    };
  });
}

function stepNotes(table: SeriesTable, time: number | undefined, step: TimeStep | null): Text[] {
  if (time === undefined) return [];
  const column = table.columns[time] ?? '';
  return step
    ? [phrase('Sorted by the time in the column "{0}"; a step is {1}.', column, describeStep(step))]
    : [
        phrase(
          'Sorted by the time in the column "{0}", in which most steps differ: each row counts as one step.',
          column,
        ),
      ];
}

function sentinelNotes(sentinels: NumericSeries['sentinels']): Text[] {
  return sentinels.map(({ column, value, count }) =>
    phrase(
      'The column "{0}" has {1} in {2} rows, far from all other values. If it means that a value is missing, set task.missingValues to {1}.',
      column,
      String(value),
      count,
    ),
  );
}

/** What to say about a series before training: what was found, which columns are not read, and incomplete rows. */
export function noticesOf({ name, problems, others, notes }: NumericSeries): Text[] {
  const [first] = problems;
  const skipped =
    others.length > 0 ? [phrase('Columns of "{0}" that are not read: {1}.', name, others.join(', '))] : [];
  const incomplete = first
    ? [
        phrase(
          '{0} rows of "{1}" are incomplete. The first is line {2}: {3}.',
          formatCount(problems.length),
          name,
          first.line,
          first.reason,
        ),
      ]
    : [];
  return [...notes, ...skipped, ...incomplete];
}
