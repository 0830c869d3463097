import { basename, join } from 'node:path';
import { PhrasedError } from '../../phrases/phrase.ts';
import { disk, exists } from '../../platform/files.ts';
import { RECORD_FILE } from '../../runs/record.ts';
import type { TrialTrainer } from '../../sweeps/runSweep.ts';
import { type TrialJob, trialRequest } from '../../sweeps/trials/trialJob.ts';
import { unlocked } from '../../sweeps/trials/unlocked.ts';
import { StartCancelled } from '../runs/liveRun.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { TrainerSettings } from '../settings.ts';
import { withinTrust } from '../trust.ts';

export interface QueuedTrialsOptions {
  readonly runs: RunManager;
  readonly settings: () => TrainerSettings;
}

/** Trains the trials of a sweep as runs of this window, each when it is its turn in the queue. */
export class QueuedTrials implements TrialTrainer {
  readonly #options: QueuedTrialsOptions;

  constructor(options: QueuedTrialsOptions) {
    this.#options = options;
  }

  async train(job: TrialJob, signal: AbortSignal): Promise<'elsewhere' | undefined> {
    const { runs } = this.#options;
    const live = () => runs.liveRun(job.run);
    const isNew = !(await exists(join(job.folder, RECORD_FILE)));
    // The user has resumed it in this window.
    if (live()) return this.#until(job, signal);
    try {
      await this.#stopWith(job, signal, async () => {
        await this.#begin(job, signal);
        await live()?.over;
      });
    } catch (error) {
      // A trial that was removed from the queue, or that waits when the sweep is stopped, has not begun.
      if (error instanceof StartCancelled) return undefined;
      // Another process has begun it while it waited here.
      if (isNew && (await exists(join(job.folder, RECORD_FILE)))) return 'elsewhere';
      throw error;
    }
    const { state, message } = runs.run(job.run)?.view ?? {};
    if (state === 'failed') throw new PhrasedError(message ?? '');
    return undefined;
  }

  /** Waits for the end of a trial that trains in this window already. */
  async #until(job: TrialJob, signal: AbortSignal): Promise<'elsewhere'> {
    await this.#stopWith(job, signal, async () => this.#options.runs.liveRun(job.run)?.over);
    return 'elsewhere';
  }

  /** Stops the run of a trial once the signal is aborted, also if it is listed only then. */
  async #stopWith(job: TrialJob, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const { runs } = this.#options;
    const stop = () => {
      if (signal.aborted) void runs.liveRun(job.run)?.stop();
    };
    const subscriptions = [runs.onDidChangeRun(stop), runs.onDidChangeList(stop)];
    signal.addEventListener('abort', stop);
    try {
      if (!signal.aborted) await work();
    } finally {
      signal.removeEventListener('abort', stop);
      for (const each of subscriptions) each.dispose();
    }
  }

  async #begin(job: TrialJob, signal: AbortSignal): Promise<void> {
    const { runs, settings } = this.#options;
    const { call, request } = await trialRequest(job, settings().backends, 0, disk);
    if (call === 'resume') {
      if (!runs.run(job.run)) await runs.refresh();
      return unlocked(async () => runs.resume(job.run, request.changes), signal);
    }
    if (signal.aborted) return;
    const { source, parent } = request;
    const { config, notices } = withinTrust(job.config);
    await runs.start({
      config,
      source,
      name: source.kind === 'file' ? basename(source.path) : job.sweep,
      notices,
      trial: { sweep: { id: job.sweep, trial: job.trial }, run: job.run, until: job.steps },
      ...(parent && { parent }),
    }).ready;
  }
}
