import { basename } from 'node:path';
import { readMetrics } from '../../runs/metricsLog.ts';
import { readProbes } from '../../runs/probeStore.ts';
import { readReport } from '../../runs/report.ts';
import { listRuns, type ListedRun } from '../../runs/runStore.ts';
import { RunModel } from './runModel.ts';

/** A folder in the run store that cannot be read as a run. */
export interface UnreadableRun {
  readonly folder: string;
  readonly reason: string;
}

export interface RunListOptions {
  /** The folder in which runs are kept. */
  readonly folder: () => string;
  /** True for a run that trains here: its trainer tells more than the disk. */
  readonly isLive: (id: string) => boolean;
  readonly changedRun: (run: RunModel) => void;
  readonly changedList: () => void;
}

/** The runs that are known: those found in the run store, and those that have just begun. */
export class RunList {
  readonly #options: RunListOptions;
  readonly #models = new Map<string, RunModel>();
  /** Runs whose curves and probes are in memory. */
  readonly #withMetrics = new Set<string>();
  #unreadable: readonly UnreadableRun[] = [];
  #refreshing: Promise<void> | undefined;
  /** Counts what happens to live runs, because a list that was being read meanwhile may lack it. */
  #turns = 0;

  constructor(options: RunListOptions) {
    this.#options = options;
  }

  /** Every run known, newest first. */
  get runs(): readonly RunModel[] {
    return [...this.#models.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  get unreadable(): readonly UnreadableRun[] {
    return this.#unreadable;
  }

  get(id: string): RunModel | undefined {
    return this.#models.get(id);
  }

  /** Adds a run that begins now. */
  add(run: RunModel): void {
    this.#models.set(run.id, run);
    this.#withMetrics.add(run.id);
    this.outdate();
    this.#options.changedList();
  }

  remove(run: RunModel): void {
    this.#drop(run);
    this.outdate();
    this.#options.changedList();
  }

  /** A list that is being read now must be read again: a run has begun or ended. */
  outdate(): void {
    this.#turns++;
  }

  /** Reads the run store. Calls that come while it is read share the result. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#refreshOnce().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Reads a stored run's metrics, probes and last report into its model, once. */
  async loadMetrics(run: RunModel): Promise<void> {
    if (!this.#withMetrics.has(run.id)) await this.#readMetrics(run);
  }

  async #refreshOnce(): Promise<void> {
    let turns: number;
    let found: Awaited<ReturnType<typeof listRuns>>;
    do {
      turns = this.#turns;
      found = await listRuns(this.#options.folder());
    } while (turns !== this.#turns);

    this.#unreadable = found.unreadable;
    const folders = new Set(found.runs.map(({ folder }) => folder));
    for (const run of this.#models.values()) {
      if (!folders.has(run.folder) && !this.#options.isLive(run.id)) this.#drop(run);
    }
    for (const listed of found.runs) await this.#take(listed);
    this.#options.changedList();
  }

  async #take(listed: ListedRun): Promise<void> {
    const known = this.#models.get(basename(listed.folder));
    if (!known) {
      const run = RunModel.stored(listed);
      this.#models.set(run.id, run);
      return;
    }
    if (this.#options.isLive(known.id)) return;
    const before = known.step;
    known.restore(listed);
    // Another process trains it: what it has written since belongs on the curves.
    if (known.step !== before && this.#withMetrics.has(known.id)) await this.#readMetrics(known);
    this.#options.changedRun(known);
  }

  async #readMetrics(run: RunModel): Promise<void> {
    const [events, probes, report] = await Promise.all([
      readMetrics(run.folder),
      readProbes(run.folder),
      readReport(run.folder),
    ]);
    if (this.#options.isLive(run.id)) return;
    run.replaceMetrics(events, probes, report ?? null);
    this.#withMetrics.add(run.id);
    this.#options.changedRun(run);
  }

  #drop(run: RunModel): void {
    this.#models.delete(run.id);
    this.#withMetrics.delete(run.id);
  }
}
