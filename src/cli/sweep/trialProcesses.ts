import { disk } from '../../platform/files.ts';
import type { RunEvent } from '../../protocol/events.ts';
import type { BackendOptions } from '../../protocol/trainer.ts';
import type { TrialTrainer } from '../../sweeps/runSweep.ts';
import { type TrialJob, trialRequest } from '../../sweeps/trials/trialJob.ts';
import { unlocked } from '../../sweeps/trials/unlocked.ts';
import { TrainerProcess } from '../trainerProcess.ts';

interface ProcessOptions {
  readonly backends: BackendOptions;
  /** Threads of the backend of each trial, unless its configuration sets them. */
  readonly threads: number;
  /** Receives what a trial reports. */
  readonly onEvent: (trial: number, event: RunEvent) => void;
}

/**
 * Trains each trial in its own process: a backend keeps its threads for the life of a process, and a trial that uses up
 * the memory ends no other. If this process is killed, each of them ends its run with a checkpoint.
 */
export class TrialProcesses implements TrialTrainer {
  readonly #options: ProcessOptions;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  async train(job: TrialJob, signal: AbortSignal): Promise<undefined> {
    const { backends, threads, onEvent } = this.#options;
    const { call, request } = await trialRequest(job, backends, threads, disk);
    const trainer = new TrainerProcess(job.config.threads || threads, {
      onEvent: (event) => onEvent(job.trial, event),
    });
    const stop = () => void trainer.remote.stop().catch(() => undefined);
    try {
      const begin = async () => (call === 'start' ? trainer.remote.start(request) : trainer.remote.resume(request));
      await unlocked(begin, signal);
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      await trainer.ended;
    } finally {
      signal.removeEventListener('abort', stop);
      await trainer.close();
    }
  }
}
