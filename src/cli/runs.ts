import { knownPart } from '../config/applicability.ts';
import type { Column } from '../catalog/columns.ts';
import { predicateOf } from '../catalog/filter/matches.ts';
import { formatSpread, groupRows, type RowGroup } from '../catalog/groupRows.ts';
import { type DescribedRun, rowOf, type RunRow } from '../catalog/row.ts';
import { type SortKey, sortRows } from '../catalog/sortRows.ts';
import { say } from '../phrases/phrase.ts';
import { storedRuns, columnOf } from './catalog.ts';
import { readFilter } from './filter.ts';
import { type TextColumn, textTable } from './textTable.ts';

export interface RunsFlags {
  readonly filter?: string;
  /** Fields, each with a minus for descending order. */
  readonly sort: readonly string[];
  readonly group?: string;
  readonly columns?: string;
  readonly archived: boolean;
  readonly json: boolean;
}

/** Number of interrupted runs whose reasons are written. */
const LISTED = 3;

/** Columns of the list, unless the user chooses others. */
const DEFAULT_COLUMNS = 'id,name,state,best,bestStep,last,verdict,cell,units,lr,seed,seconds,tags';

/** `sequence-lab runs`: the runs of the run store as a table, or as one JSON object a line. */
export async function printRuns({ filter, sort, group, columns, archived, json }: RunsFlags): Promise<void> {
  const passes = predicateOf(readFilter(filter ?? ''));
  const order = sort.map(sortKeyOf);
  const shown = (columns ?? DEFAULT_COLUMNS).split(',').map((name) => columnOf(name.trim()));
  const grouping = group === undefined ? undefined : columnOf(group);
  const runs = await storedRuns();
  const byId = new Map(runs.map((run) => [run.id, run]));
  const rows = runs.map(rowOf).filter((row) => (archived || row.values['archived'] !== true) && passes(row));
  const sorted = sortRows(rows, order);
  if (grouping) {
    const groups = groupRows(sorted, grouping.key);
    process.stdout.write(
      json ? linesOf(groups.map((each) => groupJson(grouping, each))) : groupTable(grouping, groups, shown),
    );
    return;
  }
  if (!json) tellInterrupted(sorted.flatMap(({ id }) => byId.get(id) ?? []));
  process.stdout.write(
    json
      ? linesOf(sorted.flatMap(({ id }) => runJson(byId.get(id))))
      : textTable(
          shown.map(headingOf),
          sorted.map((row) => cellsOf(row, shown)),
        ),
  );
}

/** Says on stderr why runs were interrupted, and how to continue them. */
function tellInterrupted(runs: readonly DescribedRun[]): void {
  const interrupted = runs.filter(({ state }) => state === 'interrupted');
  for (const { id, message, isLogged = false } of interrupted.slice(0, LISTED)) {
    const actions = isLogged ? [] : [`Continue it with: sequence-lab train --resume ${id}`];
    process.stderr.write(`${id}: ${[...(message === null ? [] : [say(message)]), ...actions].join(' ')}\n`);
  }
  if (interrupted.length > LISTED) process.stderr.write(`${interrupted.length - LISTED} more runs were interrupted.\n`);
}

function sortKeyOf(field: string): SortKey {
  const descending = field.startsWith('-');
  return { column: columnOf(descending ? field.slice(1) : field).key, descending };
}

function headingOf({ key, align }: Column): TextColumn {
  return { heading: key, align };
}

function cellsOf(row: RunRow, columns: readonly Column[]): string[] {
  return columns.map(({ key, format }) => format(row.values[key] ?? null, row));
}

function linesOf(objects: readonly object[]): string {
  return objects.map((each) => `${JSON.stringify(each)}\n`).join('');
}

/** A run with stable names, which other programs read; docs/run-files.md describes them. */
function runJson(run: DescribedRun | undefined): object[] {
  if (!run) return [];
  const { id, folder, title, data, state, message, config, createdAt, comparison, parent, sweep, backend, parameters } =
    run;
  const { step, seconds, trainLoss, validationLoss, best, learning } = run.progress;
  const { name, ...added } = run.annotations;
  return [
    {
      id,
      name: name ?? title,
      state,
      message: message === null ? null : say(message),
      config: knownPart(config),
      best: best && { step: best.step, loss: best.loss },
      last: validationLoss === null ? null : { step: learning?.step ?? null, loss: validationLoss },
      trainLoss,
      verdict: learning?.findings[0]?.verdict ?? null,
      step,
      seconds,
      parameters,
      backend,
      data,
      createdAt,
      parent: parent?.run ?? null,
      sweep,
      comparison,
      ...added,
      folder,
    },
  ];
}

function groupJson({ key }: Column, { value, rows, spreads }: RowGroup): object {
  return { field: key, value, runs: rows.map(({ id }) => id), spreads };
}

/** A line for each group: its value, the number of runs, and mean and standard deviation of the chosen numbers. */
function groupTable(grouping: Column, groups: readonly RowGroup[], shown: readonly Column[]): string {
  const figures = shown.filter(({ key }) => key !== grouping.key && groups.some(({ spreads }) => spreads[key]));
  const headings: TextColumn[] = [headingOf(grouping), { heading: 'runs', align: 'end' }, ...figures.map(headingOf)];
  const lines = groups.map(({ value, rows, spreads }) => [
    rows[0] ? grouping.format(value, rows[0]) || '(none)' : '',
    String(rows.length),
    ...figures.map((column) => {
      const [spread, row] = [spreads[column.key], rows[0]];
      return spread && row ? formatSpread(spread, column, row) : '';
    }),
  ]);
  return textTable(headings, lines);
}
