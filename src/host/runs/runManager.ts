import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { RunConfig } from '../../config/schema.ts';
import type { ResumeChanges, TextSource } from '../../protocol/trainer.ts';
import { runsFolder } from '../../runs/home.ts';
import { readMetrics } from '../../runs/metricsLog.ts';
import { deleteRun, listRuns, newRunId, type ListedRun } from '../../runs/runStore.ts';
import { Disposables } from '../disposables.ts';
import type { TrainerSettings } from '../settings.ts';
import type { TrainerOptions } from '../trainerClient/holder.ts';
import { Trainer } from '../trainerClient/trainer.ts';
import { LiveRun } from './liveRun.ts';
import { RunModel } from './runModel.ts';

/** What a new run trains on, and how. */
export interface NewTraining {
  readonly config: RunConfig;
  readonly source: TextSource;
  /** Name of the file or document. */
  readonly name: string;
  /** What the user should know before the run has said anything itself. */
  readonly notices?: readonly string[];
}

/** A folder in the run store that cannot be read as a run. */
export interface UnreadableRun {
  readonly folder: string;
  readonly reason: string;
}

export interface RunManagerOptions {
  readonly settings: () => TrainerSettings;
  readonly trainerOptions: (threads: number) => TrainerOptions;
  readonly onError: (error: Error) => void;
}

/** All runs: those that train now, each with its trainer, and those that lie in the run store. */
export class RunManager extends Disposables {
  readonly #options: RunManagerOptions;
  readonly #models = new Map<string, RunModel>();
  readonly #live = new Map<string, LiveRun>();
  /** Stored runs whose metrics have been read. */
  readonly #withMetrics = new Set<string>();
  #unreadable: readonly UnreadableRun[] = [];
  #refreshing: Promise<void> | undefined;
  /** Counts runs that began or ended, because a list read meanwhile may lack them. */
  #turns = 0;

  readonly #changeRun = this.register(new vscode.EventEmitter<RunModel>());
  readonly #changeList = this.register(new vscode.EventEmitter<void>());
  readonly #endRun = this.register(new vscode.EventEmitter<RunModel>());
  /** Something about one run has changed. */
  readonly onDidChangeRun = this.#changeRun.event;
  /** Runs have come or gone, or have been read again. */
  readonly onDidChangeList = this.#changeList.event;
  /** A run that trained here is over; its state says how. */
  readonly onDidEndRun = this.#endRun.event;

  constructor(options: RunManagerOptions) {
    super();
    this.#options = options;
  }

  /** Every run known, newest first. */
  get runs(): readonly RunModel[] {
    return [...this.#models.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  get unreadable(): readonly UnreadableRun[] {
    return this.#unreadable;
  }

  /** The runs that train here, oldest first. */
  get live(): readonly LiveRun[] {
    return [...this.#live.values()];
  }

  run(id: string): RunModel | undefined {
    return this.#models.get(id);
  }

  liveRun(id: string): LiveRun | undefined {
    return this.#live.get(id);
  }

  /** The folder in which runs are kept. */
  get folder(): string {
    return runsFolder(this.#options.settings().backends.home);
  }

  /**
   * Starts a new run. The model is there at once, in the state "starting".
   * @returns `ready` resolves when training begins, and rejects with what stands in the way; nothing of the run is left then
   */
  start({ config, source, name, notices = [] }: NewTraining): { readonly run: RunModel; readonly ready: Promise<void> } {
    const now = new Date();
    const folder = join(this.folder, newRunId(name, now));
    const sourcePath = source.kind === 'file' ? source.path : null;
    const run = new RunModel({ folder, name, config, sourcePath, createdAt: now.toISOString(), notices });
    const { backends } = this.#options.settings();
    this.#models.set(run.id, run);
    this.#withMetrics.add(run.id);
    const live = this.#goLive(run);
    this.#changeList.fire();
    const ready = live
      .begin((remote) => remote.start({ config, source, backends, out: folder }))
      .catch(async (error: unknown) => {
        this.#forget(run);
        // A trainer that died while it prepared the run could not clean up.
        await rm(folder, { recursive: true, force: true });
        throw error;
      });
    return { run, ready };
  }

  /** Goes on with a run from its last checkpoint. @throws Error when it trains already, here or in another process. */
  async resume(id: string, changes: ResumeChanges = {}): Promise<void> {
    const run = this.#known(id);
    await this.loadMetrics(id);
    if (this.#live.has(id)) throw new Error(vscode.l10n.t('This run is training already.'));
    const { backends } = this.#options.settings();
    const { state, message } = run.view;
    run.setState('starting');
    const live = this.#goLive(run);
    this.#changeRun.fire(run);
    try {
      await live.begin((remote) => remote.resume({ folder: run.folder, changes, backends }));
    } catch (error) {
      this.#live.delete(id);
      run.setState(state, message);
      this.#changeRun.fire(run);
      throw error;
    }
  }

  /** Deletes a run for good. @throws Error while it is being trained. */
  async delete(id: string): Promise<void> {
    const run = this.#known(id);
    await deleteRun(run.folder);
    this.#forget(run);
  }

  /** Reads a stored run's metrics into its model, once. */
  async loadMetrics(id: string): Promise<void> {
    if (this.#withMetrics.has(id)) return;
    await this.#readMetrics(this.#known(id));
  }

  /** Reads the run store. Calls that come while it is read share the result. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#refreshOnce().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Ends every run with a checkpoint, as far as the time of a closing window allows. */
  async stopAll(): Promise<void> {
    await Promise.all(
      this.live.map(async (live) => {
        await live.stop();
        await live.over;
      }),
    );
  }

  async #refreshOnce(): Promise<void> {
    let turns: number;
    let found: Awaited<ReturnType<typeof listRuns>>;
    do {
      turns = this.#turns;
      found = await listRuns(this.folder);
    } while (turns !== this.#turns);

    this.#unreadable = found.unreadable;
    const folders = new Set(found.runs.map(({ folder }) => folder));
    for (const run of this.#models.values()) {
      if (!folders.has(run.folder) && !this.#live.has(run.id)) this.#drop(run);
    }
    for (const listed of found.runs) await this.#takeListed(listed);
    this.#changeList.fire();
  }

  async #takeListed(listed: ListedRun): Promise<void> {
    const known = this.#models.get(basename(listed.folder));
    if (!known) {
      const run = RunModel.stored(listed);
      this.#models.set(run.id, run);
      return;
    }
    if (this.#live.has(known.id)) return;
    const before = known.view.step;
    known.restore(listed);
    // Another process trains it: what it has written since belongs on the curves.
    if (known.view.step !== before && this.#withMetrics.has(known.id)) await this.#readMetrics(known);
    this.#changeRun.fire(known);
  }

  async #readMetrics(run: RunModel): Promise<void> {
    const events = await readMetrics(run.folder);
    if (this.#live.has(run.id)) return;
    run.replaceMetrics(events);
    this.#withMetrics.add(run.id);
    this.#changeRun.fire(run);
  }

  #goLive(run: RunModel): LiveRun {
    const options = this.#options.trainerOptions(run.config.threads);
    const live = new LiveRun(run, (listener) => Trainer.start(options, listener), {
      changed: () => this.#changeRun.fire(run),
      ended: () => {
        this.#turns++;
        this.#live.delete(run.id);
        this.#changeRun.fire(run);
        this.#endRun.fire(run);
      },
      error: this.#options.onError,
    });
    this.#turns++;
    this.#live.set(run.id, live);
    return live;
  }

  #forget(run: RunModel): void {
    this.#turns++;
    this.#drop(run);
    this.#changeList.fire();
  }

  #drop(run: RunModel): void {
    this.#models.delete(run.id);
    this.#live.delete(run.id);
    this.#withMetrics.delete(run.id);
  }

  #known(id: string): RunModel {
    const run = this.#models.get(id);
    if (!run) throw new Error(vscode.l10n.t('There is no run "{0}" in {1}.', id, this.folder));
    return run;
  }
}
