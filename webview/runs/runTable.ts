import * as l10n from '@vscode/l10n';
import type { Column } from '../../src/catalog/columns.ts';
import { completions } from '../../src/catalog/filter/completions.ts';
import { EVERYTHING } from '../../src/catalog/filter/filter.ts';
import { FilterError } from '../../src/catalog/filter/filterError.ts';
import { filterRows } from '../../src/catalog/filter/matches.ts';
import { parseFilter } from '../../src/catalog/filter/parseFilter.ts';
import { groupRows, type RowGroup, type Spread } from '../../src/catalog/groupRows.ts';
import { mergeRows, type SortKey, sortRows } from '../../src/catalog/sortRows.ts';
import type { RunRow } from '../../src/protocol/runRow.ts';
import type { RunsLayout } from '../../src/protocol/runsPage.ts';
import type { GroupCell, GroupItem, TableItem } from './tableItem.ts';
import { columnOf } from './tableLayout.ts';

/** Text that the list offers to complete a filter. */
export interface Suggestion {
  readonly label: string;
  /** What it is; empty for nothing to say. */
  readonly detail: string;
  /** The whole filter afterwards, and the place of the caret in it. */
  readonly text: string;
  readonly caret: number;
}

/** What is wrong with a filter. */
export interface FilterProblem {
  readonly message: string;
  /** Place in the text. */
  readonly position: number;
}

/** What the table shows. */
export interface TableView {
  readonly items: readonly TableItem[];
  /** The runs that match the filter, in their order. */
  readonly rows: readonly RunRow[];
  /** Number of runs that match the filter, those in folded groups included. */
  readonly matching: number;
  /** Number of runs, without archived ones unless they are shown. */
  readonly total: number;
}

/** Rows are merged into the sorted ones if they are at most this part of all; sorting all takes as long for more. */
const MERGED_PART = 1 / 16;

/** The rows of all runs, and what of them a layout shows. */
export class RunTable {
  readonly #rows = new Map<string, RunRow>();
  /** The place of each row among all. */
  readonly #places = new Map<string, number>();
  #nextPlace = 0;
  /** All rows in the order of the last view, without what has changed since. */
  #sorted: readonly RunRow[] = [];
  #sortedBy: readonly SortKey[] = [];
  /** Ids of the rows that have changed since the last view. */
  readonly #changed = new Set<string>();
  /** The last filter without an error. */
  #filter = EVERYTHING;
  #matching = 0;
  #total = 0;

  get rows(): Iterable<RunRow> {
    return this.#rows.values();
  }

  /** Number of runs of the last view that match the filter. */
  get matching(): number {
    return this.#matching;
  }

  /** Number of runs of the last view. */
  get total(): number {
    return this.#total;
  }

  /** Number of all rows. */
  get size(): number {
    return this.#rows.size;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  row(id: string): RunRow | undefined {
    return this.#rows.get(id);
  }

  clear(): void {
    this.#rows.clear();
    this.#places.clear();
    this.#sorted = [];
    this.#changed.clear();
  }

  apply(changed: readonly RunRow[], removed: readonly string[]): void {
    for (const row of changed) {
      if (!this.#rows.has(row.id)) this.#places.set(row.id, this.#nextPlace++);
      this.#rows.set(row.id, row);
      this.#changed.add(row.id);
    }
    for (const id of removed) {
      this.#rows.delete(id);
      this.#places.delete(id);
      this.#changed.add(id);
    }
  }

  /** Sets the filter, unless there is something wrong with it. @returns what is wrong; null for nothing */
  setFilter(text: string): FilterProblem | null {
    try {
      this.#filter = parseFilter(text);
      return null;
    } catch (error) {
      if (error instanceof FilterError) return error;
      throw error;
    }
  }

  /** Completions of a filter with the caret at a place. */
  suggest(text: string, caret: number): readonly Suggestion[] {
    const { from, to, items } = completions(text, caret, [...this.#rows.values()]);
    return items.map((item) => ({
      label: item.text,
      detail: item.detail,
      text: `${text.slice(0, from)}${item.text} ${text.slice(to).trimStart()}`,
      caret: from + item.text.length + 1,
    }));
  }

  view({ archived, sort, group, folded }: RunsLayout): TableView {
    const listed = this.#inOrder(sort).filter(({ values }) => archived || values.archived !== true);
    const sorted = filterRows(listed, this.#filter);
    this.#total = listed.length;
    this.#matching = sorted.length;
    const column = group === null ? undefined : columnOf(group);
    const items = column ? groupedItems(sorted, column, folded) : sorted.map((row) => runItem(row, null));
    return { items, rows: sorted, matching: sorted.length, total: listed.length };
  }

  /** All rows by the columns of a layout. Sorting a hundred thousand takes longer than the time between two changes. */
  #inOrder(sort: readonly SortKey[]): readonly RunRow[] {
    const isSame = JSON.stringify(sort) === JSON.stringify(this.#sortedBy);
    if (!isSame || this.#changed.size > MERGED_PART * this.#rows.size) {
      this.#sorted = sortRows([...this.#rows.values()], sort);
    } else if (this.#changed.size > 0) {
      const kept = this.#sorted.filter(({ id }) => !this.#changed.has(id));
      const placeOf = ({ id }: RunRow) => this.#places.get(id) ?? 0;
      const changed = [...this.#changed].flatMap((id) => this.#rows.get(id) ?? []);
      changed.sort((a, b) => placeOf(a) - placeOf(b));
      this.#sorted = mergeRows(kept, sortRows(changed, sort), sort, placeOf);
    }
    this.#sortedBy = sort;
    this.#changed.clear();
    return this.#sorted;
  }
}

function runItem(row: RunRow, group: string | null): TableItem {
  return { kind: 'run', id: row.id, row, group };
}

/** Each group, followed by its runs unless it is folded. */
function groupedItems(rows: readonly RunRow[], column: Column, folded: readonly string[]): TableItem[] {
  return groupRows(rows, column.key).flatMap((group) => {
    const item = groupItem(group, column, folded);
    return [item, ...(item.isFolded ? [] : group.rows.map((row) => runItem(row, item.id)))];
  });
}

function groupItem({ value, rows, spreads }: RowGroup, column: Column, folded: readonly string[]): GroupItem {
  const id = `group ${column.key} ${JSON.stringify(value)}`;
  const [first] = rows;
  const text = first ? column.format(value, first) : '';
  const cells: Record<string, GroupCell> = {};
  for (const [key, spread] of Object.entries(spreads)) {
    const shown = columnOf(key);
    if (!first || !shown || key === column.key) continue;
    // A mean of different settings means nothing.
    if (shown.config === undefined || !spread.deviation) cells[key] = groupCell(spread, shown, first);
  }
  return {
    kind: 'group',
    id,
    label: l10n.t('{0}: {1}', column.label(), text === '' ? l10n.t('none') : text),
    count: rows.length,
    isFolded: folded.includes(id),
    cells,
  };
}

/** Mean with its spread, such as "1.497 ± 0.004", as the column shows its values. */
function groupCell({ mean, deviation, count }: Spread, column: Column, row: RunRow): GroupCell {
  const text = column.format(mean, row);
  if (deviation === null || deviation === 0) return { text, title: text };
  const spread = `${text} ± ${column.format(deviation, row)}`;
  return { text: spread, title: l10n.t('Mean {0}, standard deviation of {1} runs', spread, count) };
}
