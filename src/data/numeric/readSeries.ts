import { InputError, type RowProblem } from '../inputError.ts';
import type { TextSource } from '../../config/textSource.ts';
import { formatCount } from '../../format/count.ts';
import { joined, phrase, type Text } from '../../phrases/phrase.ts';
import { orderRows } from './orderRows.ts';
import { type Sentinel, suspectedSentinels } from './sentinels.ts';
import { missingReason, type Numbers, readSeriesTable, type SeriesTable } from './seriesTable.ts';
import { StepList, type Steps } from './steps.ts';
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
    {
      rows: table.rows,
      times,
      groupOf: group === undefined ? undefined : (row) => table.rows.cell(row, group).trim(),
    },
    problems,
  );
  const steps = groups.map(({ rows }) => merged(table, stepsOf(table, rows, numbers, times), options, problems));
  const longest = steps.reduce<Steps | undefined>(
    (most, each) => (most && each.length <= most.length ? most : each),
    undefined,
  );
  const step = (times && longest && inferStep(longest.times)) ?? null;
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
  const all = filled.flatMap(({ parts }) => parts);
  const nameOf = (column: number) => table.columns[column] ?? '';
  const sentinels = numbers.flatMap(({ values: own }, channel) =>
    suspectedSentinels(own).map((sentinel) => ({ column: nameOf(channels[channel]!), ...sentinel })),
  );
  return {
    name: table.name,
    columns: channels.map(nameOf),
    units: numbers.map(({ unit }) => unit),
    values: joinedValues(all.map((part) => part.values)),
    steps: first,
    inputs: chosen.inputs.map((column) => channels.indexOf(column)),
    targets: chosen.targets.map((column) => channels.indexOf(column)),
    times: times && joinedValues(all.map((part) => part.times)),
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
  let known = 0;
  for (const value of values) if (!Number.isNaN(value)) known++;
  return known > NUMBERS * values.length;
}

/** One array of the values of several, which is the same one if there is one. */
function joinedValues(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const values = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return values;
}

function withoutMissing(numbers: Numbers, missing: readonly number[]): Numbers {
  if (missing.length === 0) return numbers;
  return { ...numbers, values: numbers.values.map((value) => (missing.includes(value) ? NaN : value)) };
}

function stepsOf(
  { rows: all }: SeriesTable,
  rows: Uint32Array,
  numbers: readonly Numbers[],
  times: Float64Array | null,
): Steps {
  const [length, channels] = [rows.length, numbers.length];
  const isTable = length === all.length && rows.every((row, i) => row === i);
  const steps = {
    length,
    channels,
    values: new Float64Array(length * channels),
    // Millions of times need not be copied.
    times: isTable && times ? times : new Float64Array(length).fill(NaN),
    lines: new Uint32Array(length),
  };
  rows.forEach((row, i) => {
    steps.lines[i] = all.lineOf(row);
    if (times && !isTable) steps.times[i] = times[row]!;
  });
  numbers.forEach(({ values }, channel) => {
    for (let i = 0; i < length; i++) steps.values[i * channels + channel] = values[rows[i]!]!;
  });
  return steps;
}

/** One step for each time. */
function merged(table: SeriesTable, steps: Steps, { doubles = 'mean' }: SeriesOptions, problems: RowProblem[]): Steps {
  const { length, channels, values, times, lines } = steps;
  const isRepeated = (i: number) => i > 0 && times[i] === times[i - 1];
  if (!times.some((_, i) => isRepeated(i))) return steps;
  const list = new StepList(channels, length);
  for (let first = 0, end = 1; first < length; first = end, end++) {
    while (end < length && isRepeated(end)) {
      if (doubles === 'refuse')
        throw new InputError(
          'unreadable',
          phrase(
            '"{0}", line {1}: {2} is also the time of line {3}. Correct it, name the series in task.seriesColumn, or set task.doubles to "mean".',
            table.name,
            lines[end]!,
            formatTime(times[first]!),
            lines[first]!,
          ),
          { fields: ['task.doubles'] },
        );
      problems.push({
        line: lines[end]!,
        reason:
          doubles === 'mean'
            ? phrase('{0} again, as in line {1}; using the mean', formatTime(times[first]!), lines[first]!)
            : phrase('{0} again, as in line {1}; using the last row', formatTime(times[first]!), lines[first]!),
      });
      end++;
    }
    const known = (channel: number) =>
      Array.from({ length: end - first }, (_, i) => values[(first + i) * channels + channel]!).filter(
        (value) => !Number.isNaN(value),
      );
    const one = (channel: number) => {
      const own = known(channel);
      return doubles === 'last' ? (own.at(-1) ?? NaN) : own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    if (end === first + 1) list.add(times[first]!, lines[first]!, values, first * channels);
    else
      list.add(
        times[first]!,
        lines[first]!,
        Array.from({ length: channels }, (_, channel) => one(channel)),
      );
  }
  return list;
}

/** The steps from the first that has all numbers or previous ones, with missing numbers filled. */
function filledSteps(
  {
    table,
    channels: columns,
    numbers,
    problems,
  }: {
    readonly table: SeriesTable;
    readonly channels: readonly number[];
    readonly numbers: readonly Numbers[];
    readonly problems: RowProblem[];
  },
  steps: Steps,
  { missing = 'previous' }: SeriesOptions,
): Steps {
  const { length, channels, values, times, lines } = steps;
  if (!values.some(Number.isNaN)) return steps;
  if (missing === 'ask') refuseManyMissing(table, columns, numbers, steps);
  const list = new StepList(channels, length);
  const last = new Float64Array(channels).fill(NaN);
  for (let i = 0; i < length; i++) {
    const own = values.subarray(i * channels, (i + 1) * channels);
    const gaps = columns.map((_, channel) => channel).filter((channel) => Number.isNaN(own[channel]));
    own.forEach((value, channel) => {
      if (!Number.isNaN(value)) last[channel] = value;
    });
    const isComplete = !last.some(Number.isNaN);
    if (gaps.length > 0) {
      const line = lines[i]!;
      const reasons = joined(
        gaps.map((channel) => missingReason(numbers[channel]!, table.columns[columns[channel]!] ?? '', line)),
        ', ',
      );
      if (missing === 'refuse')
        throw new InputError(
          'unreadable',
          phrase('"{0}", line {1}: {2}. Correct it, or set task.missing to "previous".', table.name, line, reasons),
          { fields: ['task.missing'] },
        );
      problems.push({
        line,
        reason: isComplete
          ? phrase('{0}; using the previous number', reasons)
          : phrase('{0}; there is no previous number, so the row is skipped', reasons),
      });
    }
    if (isComplete) list.add(times[i]!, lines[i]!, last);
  }
  return list;
}

/** @throws InputError that names a column of which too much would be made up */
function refuseManyMissing(
  table: SeriesTable,
  columns: readonly number[],
  numbers: readonly Numbers[],
  { length, channels, values, lines }: Steps,
): void {
  for (const [channel, column] of columns.entries()) {
    let [gaps, first] = [0, -1];
    for (let i = 0; i < length; i++) {
      if (!Number.isNaN(values[i * channels + channel]!)) continue;
      gaps++;
      if (first < 0) first = i;
    }
    if (gaps <= Math.max(FEW.count, FEW.fraction * length)) continue;
    const name = table.columns[column] ?? '';
    throw new InputError(
      'many-missing',
      phrase(
        '"{0}": {1} of {2} values of the column "{3}" are missing or not numbers. The first is in line {4}: {5}. Set task.missing to "previous" to repeat the value before each of them, or choose other columns with task.inputs.',
        table.name,
        gaps,
        length,
        name,
        lines[first]!,
        missingReason(numbers[channel]!, name, lines[first]!),
      ),
      { fields: ['task.missing', 'task.inputs'] },
    );
  }
}

/** Fills the gaps in time of a series, or splits it there. */
function split(
  table: SeriesTable,
  steps: Steps,
  step: TimeStep | null,
  { gaps = 'previous' }: SeriesOptions,
  problems: RowProblem[],
): Steps[] {
  const { length, channels, values, times, lines } = steps;
  if (length === 0) return [];
  const missingBefore = (i: number) => {
    const between = step && i > 0 ? stepsBetween(times[i - 1]!, times[i]!, step) : 1;
    return between > GAP ? Math.round(between) - 1 : 0;
  };
  if (!step || !times.some((_, i) => missingBefore(i) > 0)) return [steps];
  let part = new StepList(channels, length);
  const parts = [part];
  let room = MOST_ADDED * length;
  for (let i = 0; i < length; i++) {
    const missing = missingBefore(i);
    if (missing > 0) {
      const reason = phrase('{0} steps are missing after {1}', missing, formatTime(times[i - 1]!));
      if (gaps === 'refuse')
        throw new InputError(
          'unreadable',
          phrase(
            '"{0}", line {1}: {2}. Add rows, or set task.gaps to "previous", "interpolate" or "split".',
            table.name,
            lines[i]!,
            reason,
          ),
          { fields: ['task.gaps'] },
        );
      const isFilled = gaps !== 'split' && missing <= room;
      problems.push({
        line: lines[i]!,
        reason: isFilled
          ? gaps === 'interpolate'
            ? phrase('{0}; interpolated', reason)
            : phrase('{0}; using the previous row', reason)
          : phrase('{0}; the series is split there', reason),
      });
      if (isFilled) {
        room -= missing;
        addBetween(part, steps, i, { missing, step, gaps });
      } else {
        part = new StepList(channels, 0);
        parts.push(part);
      }
    }
    part.add(times[i]!, lines[i]!, values, i * channels);
  }
  return parts;
}

/** Adds the steps that are missing before one. */
function addBetween(
  part: StepList,
  { channels, values, times, lines }: Steps,
  after: number,
  { missing, step, gaps }: { readonly missing: number; readonly step: TimeStep; readonly gaps: SeriesOptions['gaps'] },
): void {
  const before = after - 1;
  for (let i = 1; i <= missing; i++) {
    const share = gaps === 'interpolate' ? i / (missing + 1) : 0;
    const between = Array.from({ length: channels }, (_, channel) => {
      const value = values[before * channels + channel]!;
      return value + share * (values[after * channels + channel]! - value);
    });
    part.add(timeAfter(times[before]!, step, i), lines[before]!, between);
  }
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
