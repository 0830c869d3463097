import { basename } from 'node:path';
import * as vscode from 'vscode';
import { awaitStart } from '../../agents/awaitStart.ts';
import type { Trainings, TrainingStatus } from '../../agents/context.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import { nameOfSource } from '../../runs/runSource.ts';
import { filterOf, refuseBackends } from '../sweeping/startSweep.ts';
import { asShown } from '../commands/target.ts';
import type { LiveRun } from '../runs/liveRun.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { refuseNative, withinTrust } from '../trust.ts';

/** Runs that tools start in this window: each has its panel, and takes its turn among the other runs. */
export class HostTrainings implements Trainings {
  readonly #services: Pick<Services, 'runs' | 'panels' | 'sweeps' | 'runsPages'>;
  /** Reasons why runs did not start, by their ids. */
  readonly #failed = new Map<string, string>();

  constructor(services: Pick<Services, 'runs' | 'panels' | 'sweeps' | 'runsPages'>) {
    this.#services = services;
  }

  async start({ config, source, parent }: Parameters<Trainings['start']>[0]): Promise<{ run: string }> {
    const { runs, panels } = this.#services;
    const { config: allowed, notices } = withinTrust(config);
    const name = nameOfSource(source, config);
    const shown = source.kind === 'file' ? await asShown(source) : source;
    const { run, ready } = runs.start({ config: allowed, source: shown, name, notices, ...(parent && { parent }) });
    const show = () => panels.show(run, parent && 'compare');
    if (run.state === 'waiting') show();
    await this.#begun(run, ready.then(show));
    return { run: run.id };
  }

  async resume({ folder, changes }: Parameters<Trainings['resume']>[0]): Promise<{ run: string }> {
    const { runs, panels } = this.#services;
    const { id, backend } = await readOwnRecord(folder);
    refuseNative(changes.backend ?? backend.name);
    await runs.refresh();
    const run = runs.run(basename(folder));
    if (!run) throw new Error(vscode.l10n.t('The run "{0}" was not found in {1}.', id, runs.folder));
    panels.show(run);
    await this.#begun(run, runs.resume(run.id, changes));
    return { run: run.id };
  }

  async stop(id: string): Promise<boolean> {
    const { runs, sweeps } = this.#services;
    const isSweep = sweeps.running.includes(id);
    if (isSweep) await sweeps.stop(id);
    const live = runs.liveRun(id);
    await live?.stop();
    return isSweep || live !== undefined;
  }

  async startSweep(sweep: Parameters<Trainings['startSweep']>[0]): Promise<{ sweep: string; trials: number }> {
    refuseBackends(sweep.sweep);
    const id = await this.#services.sweeps.start(sweep);
    this.#services.runsPages.show(filterOf(id));
    return { sweep: id, trials: sweep.trials.length };
  }

  status(id: string): TrainingStatus | undefined {
    const { runs, sweeps } = this.#services;
    if (sweeps.running.includes(id)) return { phase: 'sweeping' };
    const live = runs.liveRun(id);
    if (live) return { phase: phaseOf(live) };
    const message = this.#failed.get(id);
    return message === undefined ? undefined : { phase: 'failed', message };
  }

  /**
   * Waits until a run trains or waits for its turn, as far as `awaitStart` does. What fails later is the status of the run.
   * @throws the reason why it could not start
   */
  async #begun(run: RunModel, ready: Promise<unknown>): Promise<void> {
    this.#failed.delete(run.id);
    ready.catch((error: unknown) => this.#failed.set(run.id, say(textOf(error))));
    const waits = this.#services.runs.until(run, () => run.state === 'waiting');
    await awaitStart(ready, waits);
  }
}

/** A run that has begun, was paused and waits to go on is in training: its trainer has it. */
function phaseOf({ hasBegun, model }: LiveRun): TrainingStatus['phase'] {
  if (hasBegun) return 'training';
  return model.state === 'waiting' ? 'waiting' : 'preparing';
}
