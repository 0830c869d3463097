import { basename } from 'node:path';
import { PhrasedError } from '../../phrases/phrase.ts';
import { disk } from '../../platform/files.ts';
import type { TrialTrainer } from '../../sweeps/runSweep.ts';
import { type TrialJob, trialRequest } from '../../sweeps/trials/trialJob.ts';
import { StartCancelled } from '../runs/liveRun.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { TrainerSettings } from '../settings.ts';

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

  async train(job: TrialJob, signal: AbortSignal): Promise<void> {
    const { runs } = this.#options;
    const begun = this.#begin(job);
    const stop = () => void runs.liveRun(job.run)?.stop('window');
    signal.addEventListener('abort', stop);
    try {
      await begun;
      if (signal.aborted) stop();
      await runs.liveRun(job.run)?.over;
    } catch (error) {
      // A trial that was removed from the queue, or that waits when the sweep is stopped, has not begun.
      if (!(error instanceof StartCancelled)) throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
    const { state, message } = runs.run(job.run)?.view ?? {};
    if (state === 'failed') throw new PhrasedError(message ?? '');
  }

  async #begin(job: TrialJob): Promise<void> {
    const { runs, settings } = this.#options;
    const { call, request } = await trialRequest(job, settings().backends, 0, disk);
    if (call === 'resume') {
      if (!runs.run(job.run)) await runs.refresh();
      return runs.resume(job.run, request.changes);
    }
    const { source, parent } = request;
    return runs.start({
      config: job.config,
      source,
      name: source.kind === 'file' ? basename(source.path) : job.sweep,
      trial: { sweep: { id: job.sweep, trial: job.trial }, run: job.run, until: job.steps },
      ...(parent && { parent }),
    }).ready;
  }
}
