import type { RunsPageFunctions } from '../../protocol/runsPage.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import type { Disposable } from '../disposables.ts';
import { Throttle } from '../panel/throttle.ts';
import { catalogRow } from '../runs/catalogRow.ts';
import type { UnreadableRun } from '../runs/runList.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Minimum interval between two updates in milliseconds. */
export const UPDATE_MS = 500;

/** Number of rows in the first message, so that the page soon has the newest ones, and in each of the others. */
export const ROWS = { first: 200, others: 1000 } as const;

/** Source of the listed runs. */
export interface ListedRuns {
  /** All runs, newest first. */
  readonly runs: readonly RunModel[];
  readonly unreadable: readonly UnreadableRun[];
  run(id: string): RunModel | undefined;
  onDidChangeRun(listener: (run: RunModel) => void): Disposable;
  onDidChangeList(listener: () => void): Disposable;
}

/** The part of the page that shows the rows. */
export type RowsPage = Pick<RunsPageFunctions, 'rows' | 'unreadable'>;

/** Sends the rows of all runs to the page once, and then those that change. */
export class RowsFeed {
  readonly #source: ListedRuns;
  readonly #page: RowsPage;
  readonly #update = new Throttle(UPDATE_MS, () => this.#sendChanges());
  /** Rows as they were sent, as JSON, by the ids of their runs. */
  readonly #sent = new Map<string, string>();
  /** Runs that have changed since the last update. */
  readonly #changed = new Set<RunModel>();
  #isListChanged = false;
  #unreadable = '';
  #listeners: readonly Disposable[] = [];

  constructor(source: ListedRuns, page: RowsPage) {
    this.#source = source;
    this.#page = page;
  }

  /** Sends everything, and from then on what changes. */
  start(): void {
    this.stop();
    this.#sent.clear();
    this.#unreadable = '';
    this.#isListChanged = true;
    this.#listeners = [
      this.#source.onDidChangeRun((run) => {
        this.#changed.add(run);
        this.#update.request();
      }),
      this.#source.onDidChangeList(() => {
        this.#isListChanged = true;
        this.#update.request();
      }),
    ];
    this.#update.call();
  }

  stop(): void {
    this.#update.cancel();
    for (const each of this.#listeners) each.dispose();
    this.#listeners = [];
  }

  #sendChanges(): void {
    const { runs, unreadable } = this.#source;
    const isFirst = this.#sent.size === 0;
    const present = [...this.#changed].filter((run) => this.#source.run(run.id) === run);
    const changed = this.#takeChanged(this.#isListChanged ? runs : present);
    const removed = this.#isListChanged ? this.#takeRemoved(runs) : [];
    this.#isListChanged = false;
    this.#changed.clear();
    if (isFirst || changed.length > 0 || removed.length > 0) this.#sendRows(changed, removed);
    const folders = JSON.stringify(unreadable);
    if (folders !== this.#unreadable) void this.#page.unreadable([...unreadable]);
    this.#unreadable = folders;
  }

  #takeChanged(candidates: readonly RunModel[]): RunRow[] {
    return candidates.flatMap((run) => {
      const row = catalogRow(run);
      const json = JSON.stringify(row);
      if (this.#sent.get(row.id) === json) return [];
      this.#sent.set(row.id, json);
      return row;
    });
  }

  #takeRemoved(runs: readonly RunModel[]): string[] {
    const present = new Set(runs.map(({ id }) => id));
    const removed = [...this.#sent.keys()].filter((id) => !present.has(id));
    for (const id of removed) this.#sent.delete(id);
    return removed;
  }

  #sendRows(changed: readonly RunRow[], removed: string[]): void {
    let from = 0;
    do {
      const to = from + (from === 0 ? ROWS.first : ROWS.others);
      void this.#page.rows({
        changed: changed.slice(from, to),
        removed: from === 0 ? removed : [],
        isComplete: to >= changed.length,
      });
      from = to;
    } while (from < changed.length);
  }
}
