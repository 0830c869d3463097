import { fingerprint } from '../../catalog/fingerprint.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import type { RunsPageFunctions } from '../../protocol/runsPage.ts';
import type { Disposable } from '../disposables.ts';
import { Throttle } from '../panel/throttle.ts';
import { catalogRow, rowState } from '../runs/catalogRow.ts';
import type { UnreadableRun } from '../runs/runList.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Minimum interval between two updates in milliseconds. */
export const UPDATE_MS = 500;

/**
 * Number of runs whose rows are made and sent at a time: of the newest ones, which the page then shows, and of the
 * others, between which the extension host has its turn.
 */
export const RUNS_AT_A_TIME = { first: 200, others: 250 } as const;

/** Source of the listed runs. */
export interface ListedRuns {
  /** All runs, newest first. */
  readonly runs: readonly RunModel[];
  readonly unreadable: readonly UnreadableRun[];
  run(id: string): RunModel | undefined;
  onDidChangeRun(listener: (run: RunModel) => void): Disposable;
  onDidChangeList(listener: () => void): Disposable;
}

interface SentRow {
  /** What the row was made from. */
  readonly state: readonly unknown[];
  /** Fingerprint of the row: the rows of a hundred thousand runs are too large to keep. */
  readonly content: string;
}

/** The part of the page that shows the rows. */
export type RowsPage = Pick<RunsPageFunctions, 'rows' | 'unreadable'>;

/** Sends the rows of all runs to the page once, and then those that change. */
export class RowsFeed {
  readonly #source: ListedRuns;
  readonly #page: RowsPage;
  readonly #update = new Throttle(UPDATE_MS, () => this.#send());
  /** The rows that the page has, by the ids of their runs. */
  readonly #sent = new Map<string, SentRow>();
  /** Runs whose rows may have changed, in the order in which they are sent. */
  readonly #pending = new Set<RunModel>();
  #isListChanged = false;
  /** Whether the page knows that it has all changes. */
  #isComplete = true;
  #unreadable = '';
  #listeners: readonly Disposable[] = [];
  #next: NodeJS.Timeout | undefined;

  constructor(source: ListedRuns, page: RowsPage) {
    this.#source = source;
    this.#page = page;
  }

  /** Sends everything, and from then on what changes. */
  start(): void {
    this.stop();
    this.#sent.clear();
    this.#unreadable = '[]';
    this.#isListChanged = true;
    this.#listeners = [
      this.#source.onDidChangeRun((run) => {
        this.#pending.add(run);
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
    clearTimeout(this.#next);
    this.#pending.clear();
    for (const each of this.#listeners) each.dispose();
    this.#listeners = [];
  }

  #send(): void {
    clearTimeout(this.#next);
    const isFirst = this.#sent.size === 0;
    const removed = this.#isListChanged ? this.#takeList() : [];
    const changed = this.#takeChanged(isFirst ? RUNS_AT_A_TIME.first : RUNS_AT_A_TIME.others);
    const isComplete = this.#pending.size === 0;
    // The page learns that the list is complete, even if the rest of it has no changes.
    if (isFirst || changed.length > 0 || removed.length > 0 || (isComplete && !this.#isComplete)) {
      void this.#page.rows({ changed, removed, isComplete });
      this.#isComplete = isComplete;
    }
    if (!isComplete) this.#next = setTimeout(() => this.#send(), 0);
  }

  /** Takes the changed list: all its runs may have changed. @returns ids of the runs that are gone */
  #takeList(): string[] {
    this.#isListChanged = false;
    const { runs, unreadable } = this.#source;
    const folders = JSON.stringify(unreadable);
    if (folders !== this.#unreadable) void this.#page.unreadable([...unreadable]);
    this.#unreadable = folders;
    for (const run of runs) this.#pending.add(run);
    const removed = [...this.#sent.keys()].filter((id) => !this.#source.run(id));
    for (const id of removed) this.#sent.delete(id);
    return removed;
  }

  /** The rows of pending runs that differ from those that the page has. */
  #takeChanged(most: number): RunRow[] {
    const changed: RunRow[] = [];
    let left = most;
    for (const run of this.#pending) {
      if (left-- === 0) break;
      this.#pending.delete(run);
      // It may have been deleted since it changed.
      if (this.#source.run(run.id) !== run) continue;
      const sent = this.#sent.get(run.id);
      const state = rowState(run);
      if (sent?.state.every((each, i) => each === state[i])) continue;
      const row = withoutMissing(catalogRow(run));
      const content = fingerprint(JSON.stringify(row));
      if (sent?.content !== content) changed.push(row);
      this.#sent.set(run.id, { state, content });
    }
    return changed;
  }
}

/** The row without missing values, which are half of it: a value that a row does not have is missing, too. */
export function withoutMissing({ id, values }: RunRow): RunRow {
  return { id, values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) };
}
