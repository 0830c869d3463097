import * as l10n from '@vscode/l10n';
import { type Column, COLUMNS } from '../../src/catalog/columns.ts';
import { formatSpread, groupRows } from '../../src/catalog/groupRows.ts';
import type { PlotPart, ReportRun } from '../../src/protocol/reportPage.ts';
import { button, h } from '../dom.ts';
import { colorSquare, untranslatedColumn } from '../runs/rowCells.ts';

/** Columns of a table that names none, besides the fields of the configuration that differ. */
const RESULTS = ['best', 'bestStep', 'seconds'];

/** The table of a block. @param openRun opens a run; omitted on a page without the product */
export function reportTable(
  { block }: PlotPart,
  runs: readonly ReportRun[],
  openRun?: (id: string) => void,
): HTMLElement {
  const columns = columnsOf(block.columns, runs);
  const rows = block.group === null ? runRows(columns, runs, openRun) : groupedRows(columns, runs, block.group);
  return h(
    'div',
    {
      class: 'points report-table',
      role: 'group',
      tabindex: 0,
      'aria-label': block.caption || l10n.t('Table of runs'),
    },
    h('table', {}, h('thead', {}, h('tr', {}, ...rows.heads)), h('tbody', {}, ...rows.body)),
  );
}

interface Rows {
  readonly heads: readonly HTMLElement[];
  readonly body: readonly HTMLElement[];
}

function head({ label, align, key, config }: Column): HTMLElement {
  return h('th', { scope: 'col', class: align, ...untranslatedHead(key, config) }, label());
}

/** The heading of a field of the configuration is its name. */
function untranslatedHead(key: string, config: string | undefined) {
  return config === undefined ? {} : untranslatedColumn({ key, config });
}

function runRows(columns: readonly Column[], runs: readonly ReportRun[], openRun?: (id: string) => void): Rows {
  const body = runs.map((run) =>
    h(
      'tr',
      { 'data-run': run.id },
      ...columns.map((column, i) => {
        const text = column.format(run.row.values[column.key] ?? null, run.row);
        const content = column.key === 'color' ? [] : [text];
        if (i > 0) return h('td', { class: column.align, ...untranslatedColumn(column) }, ...content);
        const name = openRun && text !== '' ? button(text, { class: 'link' }, () => openRun(run.id)) : text;
        return h('th', { scope: 'row', ...untranslatedColumn(column) }, colorSquare(run.color), name);
      }),
    ),
  );
  return { heads: columns.map(head), body };
}

/** A row for each group, with the mean and the standard deviation of each number. */
function groupedRows(columns: readonly Column[], runs: readonly ReportRun[], key: string): Rows {
  const grouping = COLUMNS.find((column) => column.key === key);
  const groups = groupRows(
    runs.map(({ row }) => row),
    key,
  );
  const figures = columns.filter((column) => column.key !== key && groups.some(({ spreads }) => spreads[column.key]));
  const body = groups.map(({ value, rows, spreads }) => {
    const [first] = rows;
    const name = (first && grouping?.format(value, first)) || l10n.t('without a value');
    return h(
      'tr',
      {},
      h('th', { scope: 'row', translate: 'no' }, name),
      h('td', { class: 'end' }, String(rows.length)),
      ...figures.map((column) => {
        const spread = spreads[column.key];
        return h(
          'td',
          { class: column.align, ...untranslatedColumn(column) },
          spread && first ? formatSpread(spread, column, first) : '',
        );
      }),
    );
  });
  const heads = [
    ...(grouping ? [head(grouping)] : []),
    h('th', { scope: 'col', class: 'end' }, l10n.t('Runs')),
    ...figures.map(head),
  ];
  return { heads, body };
}

/** The chosen columns, or the name, the fields of the configuration that differ between the runs, and the results. */
function columnsOf(keys: readonly string[] | null, runs: readonly ReportRun[]): Column[] {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => COLUMNS.find((column) => column.key === name) ?? []);
  if (keys) return named(keys);
  const differs = ({ key, config }: Column) =>
    config !== undefined && new Set(runs.map(({ row }) => JSON.stringify(row.values[key] ?? null))).size > 1;
  return [...named(['name']), ...COLUMNS.filter(differs), ...named(RESULTS)];
}
