import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunConfig } from '../../config/schema.ts';
import { disk } from '../../platform/files.ts';
import type { ResumeChanges, RunSource } from '../../protocol/trainer.ts';
import { runsFolder } from '../../runs/home.ts';
import { deleteRun, newRunId } from '../../runs/runStore.ts';
import { Disposables } from '../disposables.ts';
import type { TrainerSettings } from '../settings.ts';
import type { StartOptions } from '../trainerClient/holder.ts';
import { TrainerClient } from '../trainerClient/trainerClient.ts';
import { LiveRun } from './liveRun.ts';
import { RunList, type UnreadableRun } from './runList.ts';
import { RunModel } from './runModel.ts';

/** What a new run trains on, and how. */
export interface NewTraining {
  readonly config: RunConfig;
  readonly source: RunSource;
  /** Name of the file or document, or of the task that generates its data. */
  readonly name: string;
  /** What the user should know before the run has said anything itself. */
  readonly notices?: readonly string[];
  /** Names the comparison that the run is a part of. */
  readonly comparison?: string;
}

export interface RunManagerOptions {
  readonly settings: () => TrainerSettings;
  readonly trainerOptions: StartOptions;
  readonly onError: (error: Error) => void;
}

/** All runs: those that train now, each with its trainer, and those that lie in the run store. */
export class RunManager extends Disposables {
  readonly #options: RunManagerOptions;
  readonly #list: RunList;
  readonly #live = new Map<string, LiveRun>();

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
    this.#list = new RunList({
      folder: () => this.folder,
      isLive: (id) => this.#live.has(id),
      changedRun: (run) => this.#changeRun.fire(run),
      changedList: () => this.#changeList.fire(),
    });
  }

  /** Every run known, newest first. */
  get runs(): readonly RunModel[] {
    return this.#list.runs;
  }

  get unreadable(): readonly UnreadableRun[] {
    return this.#list.unreadable;
  }

  /** The runs that train here, oldest first. */
  get live(): readonly LiveRun[] {
    return [...this.#live.values()];
  }

  run(id: string): RunModel | undefined {
    return this.#list.get(id);
  }

  liveRun(id: string): LiveRun | undefined {
    return this.#live.get(id);
  }

  /** The folder in which runs are kept. */
  get folder(): string {
    return runsFolder(this.#options.settings().backends.home);
  }

  /** Reads the run store. */
  async refresh(): Promise<void> {
    return this.#list.refresh();
  }

  /** Reads a stored run's metrics into its model, once. */
  async loadMetrics(id: string): Promise<void> {
    return this.#list.loadMetrics(this.#known(id));
  }

  /**
   * Starts a new run. The model is there at once, in the state "starting".
   * @returns `ready` resolves when training begins, and rejects with what stands in the way; nothing of the run is left
   *   then
   */
  start({ config, source, name, notices = [], comparison }: NewTraining): {
    readonly run: RunModel;
    readonly ready: Promise<void>;
  } {
    const now = new Date();
    const folder = join(this.folder, newRunId(name, now));
    const sourcePath = source.kind === 'file' ? source.path : null;
    const run = new RunModel({
      folder,
      name,
      config,
      sourcePath,
      createdAt: now.toISOString(),
      notices,
      comparison: comparison ?? null,
    });
    const { backends } = this.#options.settings();
    const live = this.#goLive(run);
    this.#list.add(run);
    const ready = live
      .begin((remote) =>
        remote.start({ config, source, backends, out: folder, ...(comparison !== undefined && { comparison }) }),
      )
      .catch(async (error: unknown) => {
        this.#live.delete(run.id);
        this.#list.remove(run);
        // A trainer that died while it prepared the run could not clean up.
        await disk.remove(folder);
        throw error;
      });
    return { run, ready };
  }

  /** Goes on with a run from its last checkpoint. @throws Error when it trains already, here or in another process. */
  async resume(id: string, changes: ResumeChanges = {}): Promise<void> {
    const run = this.#known(id);
    await this.#list.loadMetrics(run);
    await this.#live.get(id)?.ending;
    if (this.#live.has(id)) throw new Error(vscode.l10n.t('This run is training already.'));
    const { backends } = this.#options.settings();
    const { state, message } = run.view;
    run.setState('starting');
    const live = this.#goLive(run, changes.backend);
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

  /** Resolves when something holds of a run that trains here, or when that run is over. */
  async until(run: RunModel, holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const heard = this.onDidChangeRun((changed) => {
        if (changed !== run || (!holds() && this.#live.has(run.id))) return;
        heard.dispose();
        resolve();
      });
    });
  }

  /** Deletes a run for good. @throws Error while it is being trained. */
  async delete(id: string): Promise<void> {
    const run = this.#known(id);
    await deleteRun(run.folder);
    this.#list.remove(run);
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

  /** @param backend the one that it goes on with, where that is another than before */
  #goLive(run: RunModel, backend = run.view.backend?.name ?? run.config.backend): LiveRun {
    const options = this.#options.trainerOptions(run.config.threads, backend);
    const live = new LiveRun(run, (listener) => TrainerClient.start(options, listener), {
      changed: () => this.#changeRun.fire(run),
      ended: () => {
        this.#list.outdate();
        this.#live.delete(run.id);
        this.#changeRun.fire(run);
        this.#endRun.fire(run);
      },
      error: this.#options.onError,
    });
    this.#list.outdate();
    this.#live.set(run.id, live);
    return live;
  }

  #known(id: string): RunModel {
    const run = this.#list.get(id);
    if (!run) throw new Error(vscode.l10n.t('There is no run "{0}" in {1}.', id, this.folder));
    return run;
  }
}
