import { basename } from 'node:path';
import { yieldToEventLoop } from '../../platform/system.ts';
import { MetricsTail } from '../../runs/metricsTail.ts';
import { phrase } from '../../phrases/phrase.ts';
import { probePath, readProbesAfter } from '../../runs/probeStore.ts';
import { readReport } from '../../runs/report.ts';
import { type IndexedRun, RunIndex, type RunListing, type UnreadableRun } from '../../runs/runIndex.ts';
import { RunModel } from './runModel.ts';

export type { UnreadableRun } from '../../runs/runIndex.ts';

/** Milliseconds of applying stored runs to models after which other work of the extension host has its turn. */
const TURN_MS = 8;

export interface RunListOptions {
  /** Folder of the run store. */
  readonly folder: () => string;
  /** True for a run that is training in this window: its trainer is more recent than the disk. */
  readonly isLive: (id: string) => boolean;
  readonly changedRun: (run: RunModel) => void;
  readonly changedList: () => void;
}

/** All known runs: those in the run store, and those that have just begun. */
export class RunList {
  readonly #options: RunListOptions;
  readonly #models = new Map<string, RunModel>();
  /** All runs, newest first, until one is added or removed: many places read them. */
  #inOrder: readonly RunModel[] | undefined;
  /** Ids of the runs whose curves and probes are in memory. */
  readonly #withMetrics = new Set<string>();
  /** Logs of the runs whose curves are in memory, as far as they were read. */
  readonly #tails = new Map<string, MetricsTail>();
  /** The stored runs as they were last applied to their models. */
  readonly #taken = new Map<string, IndexedRun>();
  #index: { readonly folder: string; readonly runs: RunIndex } | undefined;
  #unreadable: readonly UnreadableRun[] = [];
  /** Whether listeners know of all stored runs. */
  #isRead = false;
  #refreshing: Promise<void> | undefined;
  /** A refresh that begins when the one under way has ended. */
  #nextRefresh: Promise<void> | undefined;
  /** Counts starts and ends of live runs; a list that was read in the meantime may be outdated. */
  #turns = 0;

  constructor(options: RunListOptions) {
    this.#options = options;
  }

  /** All known runs, newest first. */
  get runs(): readonly RunModel[] {
    return (this.#inOrder ??= [...this.#models.values()].sort(newestFirst));
  }

  get unreadable(): readonly UnreadableRun[] {
    return this.#unreadable;
  }

  get(id: string): RunModel | undefined {
    return this.#models.get(id);
  }

  /** Adds a new run. */
  add(run: RunModel): void {
    this.#put(run);
    this.#withMetrics.add(run.id);
    this.outdate();
    this.#options.changedList();
  }

  remove(run: RunModel): void {
    this.#drop(run);
    this.outdate();
    this.#options.changedList();
  }

  /** Marks a list that is being read as outdated, because a run has begun or ended. */
  outdate(): void {
    this.#turns++;
  }

  /**
   * A run begins to train in this window: its model takes the steps from its trainer. They must not be added a second
   * time from the log, also if the run ends before the list is read again.
   */
  beginsHere(run: RunModel): void {
    this.#tails.delete(run.id);
    this.outdate();
  }

  /**
   * Reads the run store as it is now: a refresh under way may have read a run before it changed, so that another one
   * follows it. Concurrent calls share the result.
   */
  async refresh(): Promise<void> {
    this.#nextRefresh ??= this.#refreshAfter(this.#refreshing);
    return this.#nextRefresh;
  }

  async #refreshAfter(before: Promise<void> | undefined): Promise<void> {
    // Whoever called the one before gets its error.
    await before?.catch(() => undefined);
    this.#nextRefresh = undefined;
    this.#refreshing = this.#refreshOnce();
    return this.#refreshing;
  }

  /** Reads metrics, probes and the last report of a stored run into its model, once. */
  async loadMetrics(run: RunModel): Promise<void> {
    if (!this.#withMetrics.has(run.id)) await this.#readMetrics(run);
  }

  async #refreshOnce(): Promise<void> {
    let turns: number;
    let found: RunListing;
    do {
      turns = this.#turns;
      found = await this.#indexed().list();
    } while (turns !== this.#turns);

    const before = [...this.#taken.values()];
    const unreadable = JSON.stringify(this.#unreadable);
    this.#unreadable = found.unreadable;
    const folders = new Set(found.runs.map(({ folder }) => folder));
    for (const run of this.#models.values()) {
      if (!folders.has(run.folder) && !this.#options.isLive(run.id)) this.#drop(run);
    }
    let turn = performance.now();
    for (const listed of found.runs) {
      await this.#take(listed);
      if (performance.now() - turn < TURN_MS) continue;
      await yieldToEventLoop();
      if (turns !== this.#turns) {
        this.#isRead = false;
        return this.#refreshOnce();
      }
      turn = performance.now();
    }
    const after = [...this.#taken.values()];
    const isSame = before.length === after.length && before.every((run, place) => run === after[place]);
    if (isSame && this.#isRead && unreadable === JSON.stringify(found.unreadable)) return;
    this.#isRead = true;
    this.#options.changedList();
  }

  /** The index of the run store, whose folder may change. */
  #indexed(): RunIndex {
    const folder = this.#options.folder();
    if (this.#index?.folder !== folder) this.#index = { folder, runs: new RunIndex(folder) };
    return this.#index.runs;
  }

  /** Applies what has changed in a stored run to its model. */
  async #take(listed: IndexedRun): Promise<void> {
    const id = basename(listed.folder);
    const known = this.#models.get(id);
    // The model of a run in training may differ from the stored run when it ends.
    if (this.#options.isLive(id)) {
      this.#taken.delete(id);
      // What it trains here is in its model already.
      this.#tails.delete(id);
      if (known?.annotate(listed.annotations)) this.#options.changedRun(known);
      return;
    }
    if (known && this.#taken.get(id) === listed) return;
    this.#taken.set(id, listed);
    if (!known) {
      const run = RunModel.stored(listed);
      run.annotate(listed.annotations);
      this.#put(run);
      return;
    }
    known.restore(listed);
    known.annotate(listed.annotations);
    // Another process may be training it: add its new metrics to the curves.
    if (this.#withMetrics.has(known.id)) await this.#readGrowth(known);
    this.#options.changedRun(known);
  }

  async #readMetrics(run: RunModel): Promise<void> {
    const tail = new MetricsTail(run.folder);
    const damaged: number[] = [];
    const [{ events, damage }, probes, report] = await Promise.all([
      tail.read(),
      readProbesAfter(run.folder, -1, (step) => damaged.push(step)),
      readReport(run.folder),
    ]);
    if (this.#options.isLive(run.id)) return;
    notifyOfProbes(run, damaged);
    // The log of another program may have a line that is none; the rest of it is shown.
    if (damage && run.view.logged) run.notify(damage.text);
    else if (damage) throw damage;
    run.replaceMetrics(events, probes, report ?? null);
    this.#tails.set(run.id, tail);
    this.#withMetrics.add(run.id);
    this.#options.changedRun(run);
  }

  /** Adds to the curves of a run what its log has gained since it was read. */
  async #readGrowth(run: RunModel): Promise<void> {
    const tail = this.#tails.get(run.id);
    const growth = await tail?.read();
    if (!tail || !growth || growth.isNew) return this.#readMetrics(run);
    const { events, damage } = growth;
    const last = run.probes.latest?.step ?? -1;
    const damaged: number[] = [];
    const [probes, report] = await Promise.all([
      readProbesAfter(run.folder, last, (step) => damaged.push(step)),
      readReport(run.folder),
    ]);
    // It has begun to train here meanwhile.
    if (this.#options.isLive(run.id) || this.#tails.get(run.id) !== tail) {
      this.#tails.delete(run.id);
      return;
    }
    if (damage) run.notify(damage.text);
    notifyOfProbes(run, damaged);
    if (events.length > 0 || probes.length > 0) run.appendMetrics(events, probes, report ?? null);
  }

  #put(run: RunModel): void {
    this.#models.set(run.id, run);
    this.#inOrder = undefined;
  }

  #drop(run: RunModel): void {
    this.#models.delete(run.id);
    this.#inOrder = undefined;
    this.#withMetrics.delete(run.id);
    this.#tails.delete(run.id);
    this.#taken.delete(run.id);
  }
}

function newestFirst(a: RunModel, b: RunModel): number {
  return a.createdAt === b.createdAt ? 0 : a.createdAt < b.createdAt ? 1 : -1;
}

/** Names the probes of another program that cannot be read; the others are shown. */
function notifyOfProbes(run: RunModel, damaged: readonly number[]): void {
  if (!run.view.logged) return;
  for (const step of damaged)
    run.notify(
      phrase('The probe of step {0} is left out: {1} does not have the form of a probe.', step, probePath(step)),
    );
}
