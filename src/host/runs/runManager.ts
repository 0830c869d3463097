import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunParent, SweepTrial } from '../../config/runParent.ts';
import type { RunConfig } from '../../config/schema.ts';
import { disk, exists } from '../../platform/files.ts';
import { processorCount } from '../../platform/system.ts';
import type { AnnotatedRun } from '../../protocol/annotations.ts';
import type { InitialRequest } from '../../protocol/initialWeights.ts';
import type { RemoteTrainer, ResumeChanges, RunSource, StartRequest } from '../../protocol/trainer.ts';
import { annotate } from '../../runs/annotations.ts';
import { runsFolder } from '../../runs/home.ts';
import { RECORD_FILE } from '../../runs/record.ts';
import { newRunId } from '../../runs/runStore.ts';
import { deleteTrashed, restoreRun, trashRun, type TrashedRun } from '../../runs/trash.ts';
import { Disposables } from '../disposables.ts';
import type { TrainerSettings } from '../settings.ts';
import type { StartOptions } from '../trainerClient/holder.ts';
import { TrainerClient, type TrainerListener } from '../trainerClient/trainerClient.ts';
import { LiveRun } from './liveRun.ts';
import { Labeling } from './labeling.ts';
import { RunList, type UnreadableRun } from './runList.ts';
import { RunModel } from './runModel.ts';
import type { QueuedRequest } from './queuedRequest.ts';
import type { TurnOptions } from './trainingQueue.ts';
import { TrainingTurns } from './trainingTurns.ts';

/** Data and configuration of a new run. */
export interface NewTraining {
  readonly config: RunConfig;
  readonly source: RunSource;
  /** Name of the file or document, or of the task that generates its data. */
  readonly name: string;
  /** Notices to show before the run sends its own. */
  readonly notices?: readonly string[];
  /** Id of the comparison that the run belongs to. */
  readonly comparison?: string;
  /** Key of the run in the lesson that trains it. */
  readonly lessonRun?: string;
  /** The run that it is started from. The tab Compare of the new run then contains both. */
  readonly parent?: RunParent;
  /** The run whose model it begins with; omitted: random weights. */
  readonly initial?: InitialRequest;
  /** Place and id of a run that is a trial of a sweep, and the step at which its training pauses for the others. */
  readonly trial?: { readonly sweep: SweepTrial; readonly run: string; readonly until: number };
}

/** A run that was started, and when its training begins. */
export interface StartedRun {
  readonly run: RunModel;
  readonly ready: Promise<void>;
}

export interface RunManagerOptions {
  readonly settings: () => TrainerSettings;
  readonly trainerOptions: StartOptions;
  readonly onError: (error: Error) => void;
}

/** All runs: those in training, each with its trainer, and those in the run store. */
export class RunManager extends Disposables {
  readonly #options: RunManagerOptions;
  readonly #list: RunList;
  readonly #live = new Map<string, LiveRun>();
  /** Requests of the runs that have not begun, by their ids. */
  readonly #requests = new Map<string, QueuedRequest>();
  /** The order in which the runs train. */
  readonly turns = new TrainingTurns({
    parallelRuns: () => this.#options.settings().parallelRuns,
    processors: processorCount(),
    live: () => this.live,
    changed: (run) => this.#changeRun.fire(run),
  });
  readonly #labeling = new Labeling({
    runs: () => this.runs,
    changed: (run) => this.#changeRun.fire(run),
  });
  #closing = false;

  readonly #changeRun = this.register(new vscode.EventEmitter<RunModel>());
  readonly #changeList = this.register(new vscode.EventEmitter<void>());
  readonly #endRun = this.register(new vscode.EventEmitter<RunModel>());
  /** Fires when a run has changed. */
  readonly onDidChangeRun = this.#changeRun.event;
  /** Fires when runs were added, removed or read again. */
  readonly onDidChangeList = this.#changeList.event;
  /** Fires when a run that was training in this window has ended. */
  readonly onDidEndRun = this.#endRun.event;

  constructor(options: RunManagerOptions) {
    super();
    this.#options = options;
    this.#list = new RunList({
      folder: () => this.folder,
      isLive: (id) => this.#live.has(id),
      changedRun: (run) => this.#changeRun.fire(run),
      changedList: () => {
        this.#labeling.request();
        this.#changeList.fire();
      },
    });
  }

  /** All known runs, newest first. */
  get runs(): readonly RunModel[] {
    return this.#list.runs;
  }

  get unreadable(): readonly UnreadableRun[] {
    return this.#list.unreadable;
  }

  /** The runs that are training in this window or wait for their turn, oldest first. */
  get live(): readonly LiveRun[] {
    return [...this.#live.values()];
  }

  run(id: string): RunModel | undefined {
    return this.#list.get(id);
  }

  liveRun(id: string): LiveRun | undefined {
    return this.#live.get(id);
  }

  /** Folder of the run store. */
  get folder(): string {
    return runsFolder(this.#options.settings().backends.home);
  }

  /** Reads the run store. */
  async refresh(): Promise<void> {
    return this.#list.refresh();
  }

  /** Reads the metrics of a stored run into its model, once. */
  async loadMetrics(id: string): Promise<void> {
    return this.#list.loadMetrics(this.#known(id));
  }

  /**
   * Starts a new run. Its model exists immediately, in the state "starting", or "waiting" if other runs train first.
   * @returns `ready` resolves when training begins and rejects if it cannot begin; the run is then removed
   */
  start(training: NewTraining, turn: TurnOptions = {}): StartedRun {
    const { config, source, name, notices = [], comparison, lessonRun, parent, initial, trial } = training;
    const now = new Date();
    const folder = join(this.folder, trial?.run ?? newRunId(name, now));
    const sourcePath = source.kind === 'file' ? source.path : null;
    const run = new RunModel({
      folder,
      name,
      config,
      sourcePath,
      createdAt: now.toISOString(),
      notices,
      comparison: comparison ?? null,
      lessonRun: lessonRun ?? null,
      parent: parent ?? null,
      sweep: trial?.sweep ?? null,
    });
    this.#requests.set(run.id, { kind: 'start', training });
    const ready = this.#beginNew(run, config.backend, turn, (remote) =>
      remote.start({
        config,
        source,
        ...this.#trainerOptions(),
        out: folder,
        ...(comparison !== undefined && { comparison }),
        ...(lessonRun !== undefined && { lessonRun }),
        ...(parent !== undefined && { parent }),
        ...(initial !== undefined && { initial }),
        ...(trial && { sweep: trial.sweep, until: trial.until }),
      }),
    );
    return { run, ready };
  }

  /** Starts a run that repeats a stored one and is compared with it. Its model exists immediately. */
  repeat(original: RunModel): StartedRun {
    const now = new Date();
    const { config, sourcePath, view } = original;
    const folder = join(this.folder, newRunId(view.name, now));
    const run = new RunModel({
      folder,
      name: view.name,
      config,
      sourcePath,
      createdAt: now.toISOString(),
      notices: [],
      parent: { run: original.id, reason: 'repeat', changes: {} },
    });
    this.#requests.set(run.id, { kind: 'repeat', run: original.id });
    const ready = this.#beginNew(run, view.backend?.name ?? config.backend, {}, (remote) =>
      remote.repeat({ folder: original.folder, ...this.#trainerOptions(), out: folder }),
    );
    return { run, ready };
  }

  /**
   * Resumes a run from its last checkpoint, when it is its turn.
   * @throws Error if it is training already, here or in another process
   */
  async resume(id: string, changes: ResumeChanges = {}, turn: TurnOptions = {}): Promise<void> {
    const run = this.#known(id);
    await this.#list.loadMetrics(run);
    await this.#live.get(id)?.ending;
    if (this.#live.has(id)) throw new Error(vscode.l10n.t('This run is already training.'));
    const { state, message } = run.view;
    run.setState('starting');
    if (run.sweep === null) this.#requests.set(id, { kind: 'resume', run: id, changes });
    const live = this.#goLive(run, turn, changes.backend);
    this.#changeRun.fire(run);
    try {
      await this.#begin(live, (remote) => remote.resume({ folder: run.folder, changes, ...this.#trainerOptions() }));
    } catch (error) {
      this.#live.delete(id);
      this.turns.finish(id);
      run.setState(state, message);
      this.#changeRun.fire(run);
      throw error;
    }
  }

  /** Resolves when a condition of a run in training becomes true, or when the run ends. */
  async until(run: RunModel, holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const subscription = this.onDidChangeRun((changed) => {
        if (changed !== run || (!holds() && this.#live.has(run.id))) return;
        subscription.dispose();
        resolve();
      });
    });
  }

  /**
   * Changes some of what the user has added to a run.
   * @throws Error that names a damaged file, or if the run has no folder yet
   */
  async annotate(id: string, change: Partial<AnnotatedRun>): Promise<void> {
    const run = this.#known(id);
    const { archived } = run.annotations;
    if (!(await exists(join(run.folder, RECORD_FILE))))
      throw new Error(vscode.l10n.t('The run "{0}" has not started yet. Wait until it is training.', run.view.title));
    const annotations = await annotate(run.folder, change, disk);
    this.#list.outdate();
    if (!run.annotate(annotations)) return;
    this.#changeRun.fire(run);
    if (run.annotations.archived !== archived) this.#changeList.fire();
  }

  /** The requests of the waiting runs that have not begun, the next one first. */
  get queuedRequests(): QueuedRequest[] {
    return this.turns.waiting.flatMap(({ id }) => this.#requests.get(id) ?? []);
  }

  /** Moves a run to the trash. @throws Error while it is training */
  async trash(id: string): Promise<TrashedRun> {
    const run = this.#known(id);
    const trashed = await trashRun(run.folder);
    this.#list.remove(run);
    return trashed;
  }

  /** Brings runs back from the trash. @throws Error if there is a run of the same id */
  async restore(trashed: readonly TrashedRun[]): Promise<void> {
    for (const each of trashed) await restoreRun(each, this.folder);
    await this.refresh();
  }

  /** Deletes a run permanently. @throws RunLockedError while it is being trained */
  async delete(id: string): Promise<void> {
    const run = this.#known(id);
    await deleteTrashed(await trashRun(run.folder));
    this.#list.remove(run);
  }

  override dispose(): void {
    this.#labeling.cancel();
    super.dispose();
  }

  /** Whether the window is closing: runs that end now were not ended by the user. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Ends every run with a checkpoint, as far as the time limit of a closing window allows. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(
      this.live.map(async (live) => {
        await live.stop('window');
        await live.over;
      }),
    );
  }

  /** Lists a new run and begins it. The run is removed if it cannot begin. */
  async #beginNew(
    run: RunModel,
    backend: string,
    turn: TurnOptions,
    call: (remote: RemoteTrainer) => Promise<unknown>,
  ): Promise<void> {
    const live = this.#goLive(run, turn, backend);
    this.#list.add(run);
    try {
      await this.#begin(live, call);
    } catch (error) {
      this.#live.delete(run.id);
      this.turns.finish(run.id);
      this.#list.remove(run);
      // A trainer that ended while preparing the run could not clean up. A trial may be trained elsewhere by now.
      if (!(await exists(join(run.folder, RECORD_FILE)))) await disk.remove(run.folder);
      throw error;
    }
  }

  async #begin(live: LiveRun, call: (remote: RemoteTrainer) => Promise<unknown>): Promise<void> {
    try {
      await live.begin(call);
    } finally {
      this.#requests.delete(live.model.id);
    }
  }

  /** The parts of a request to train that the settings say. */
  #trainerOptions(): Pick<StartRequest, 'backends' | 'tensorboard'> {
    const { backends, tensorboard } = this.#options.settings();
    const { mostThreads } = this.turns;
    return {
      backends: { ...backends, ...(mostThreads !== undefined && { mostThreads }) },
      ...(tensorboard && { tensorboard: '' }),
    };
  }

  /** @param backend new backend of a resumed run, or that of a new one */
  #goLive(run: RunModel, turn: TurnOptions, backend = run.view.backend?.name ?? run.config.backend): LiveRun {
    const startTrainer = (listener: TrainerListener) =>
      TrainerClient.start(
        this.#options.trainerOptions(run.config.threads || (this.turns.mostThreads ?? 0), backend),
        listener,
      );
    const listener = {
      changed: () => this.#changed(run),
      ended: () => {
        this.#list.outdate();
        this.#live.delete(run.id);
        this.turns.finish(run.id);
        this.#changeRun.fire(run);
        this.#endRun.fire(run);
      },
      error: this.#options.onError,
    };
    const live = new LiveRun(run, startTrainer, listener, this.turns.turnOf(run.id, turn));
    this.#list.beginsHere(run);
    this.#live.set(run.id, live);
    this.turns.showPlaces();
    return live;
  }

  #changed(run: RunModel): void {
    // The start of a run tells the name of its data, and the number of states of a Markov model.
    if (run.step === 0) this.#labeling.request();
    this.#changeRun.fire(run);
  }

  #known(id: string): RunModel {
    const run = this.#list.get(id);
    if (!run) throw new Error(vscode.l10n.t('The run "{0}" was not found in {1}.', id, this.folder));
    return run;
  }
}
