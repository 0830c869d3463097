import { completions } from '../../src/catalog/filter/completions.ts';
import { type Filter, matches } from '../../src/catalog/filter/filter.ts';
import { FilterError, parseFilter } from '../../src/catalog/filter/parse.ts';
import { groupRows } from '../../src/catalog/groupRows.ts';
import { sortRows } from '../../src/catalog/sortRows.ts';
import type { RunRow } from '../../src/protocol/runRow.ts';
import type { RunsLayout } from '../../src/protocol/runsPage.ts';
import type { FilterProblem, Suggestion } from './filterBox.ts';
import { groupItem } from './groupItem.ts';
import type { TableItem } from './tableItem.ts';
import { columnOf } from './tableLayout.ts';

/** What the table shows. */
export interface TableView {
  readonly items: readonly TableItem[];
  /** Number of runs that match the filter, those in folded groups included. */
  readonly matching: number;
  /** Number of runs, without archived ones unless they are shown. */
  readonly total: number;
}

/** The rows of all runs, and what of them a layout shows. */
export class RunTable {
  readonly #rows = new Map<string, RunRow>();
  /** The last filter without an error. */
  #filter: Filter = parseFilter('');
  #matching = 0;
  #total = 0;

  get rows(): Iterable<RunRow> {
    return this.#rows.values();
  }

  get matching(): number {
    return this.#matching;
  }

  get total(): number {
    return this.#total;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  row(id: string): RunRow | undefined {
    return this.#rows.get(id);
  }

  clear(): void {
    this.#rows.clear();
  }

  apply(changed: readonly RunRow[], removed: readonly string[]): void {
    for (const row of changed) this.#rows.set(row.id, row);
    for (const id of removed) this.#rows.delete(id);
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
    return completions(text, caret, [...this.#rows.values()]);
  }

  view({ archived, sort, group, folded }: RunsLayout): TableView {
    const listed = [...this.#rows.values()].filter(({ values }) => archived || values.archived !== true);
    const matching = listed.filter((row) => matches(this.#filter, row));
    this.#total = listed.length;
    this.#matching = matching.length;
    const sorted = sortRows(matching, sort);
    const column = group === null ? undefined : columnOf(group);
    return { items: column ? grouped(sorted, column.key, folded) : ungrouped(sorted), matching: matching.length, total: listed.length };
  }
}

function ungrouped(rows: readonly RunRow[]): TableItem[] {
  return rows.map((row) => ({ kind: 'run', id: row.id, row, group: null }));
}
