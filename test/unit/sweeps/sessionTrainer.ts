import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import type { Files } from '../../../src/platform/files.ts';
import type { BackendOptions } from '../../../src/protocol/trainer.ts';
import { checkSweep } from '../../../src/sweeps/checkSweep.ts';
import { parseSweepFile } from '../../../src/sweeps/parseSweepFile.ts';
import { plannedTrials } from '../../../src/sweeps/plannedTrials.ts';
import type { TrialTrainer } from '../../../src/sweeps/runSweep.ts';
import type { NewSweep } from '../../../src/sweeps/sweepStore.ts';
import { type TrialJob, trialRequest } from '../../../src/sweeps/trials/trialJob.ts';
import { Session } from '../../../src/worker/session.ts';

/** Configuration of a run of four steps that takes a moment. */
export const tiny: RunConfigInput = {
  backend: 'reference',
  data: { sequenceLength: 4 },
  model: { units: 2 },
  training: { batchSize: 2, steps: 4, validateEvery: 2, checkpointEvery: 1, patience: 0 },
  sampling: { every: 0 },
  probes: { every: 0 },
};

/** A sweep of learning rates on a text file. */
export function newSweep(content: object, path: string, base: RunConfigInput = tiny): NewSweep {
  const config = parseRunConfig({ ...base, data: { ...base.data, train: path } });
  const file = parseSweepFile({
    fields: { 'training.learningRate': { values: [0.3, 0.001, 0.1, 0.01] } },
    ...content,
  });
  const sweep = checkSweep(file, config);
  return {
    sweep,
    trials: plannedTrials(sweep),
    file: '/sweeps/rate.sequence-lab-sweep.json',
    sha256: 'none',
    source: { kind: 'file', path },
    parent: null,
  };
}

export function backendsIn(home: string): BackendOptions {
  return { home, tensorflowPath: '', wideSimd: false };
}

/** Trains trials in this process. */
export class SessionTrainer implements TrialTrainer {
  /** Numbers of the trials in the order in which they were trained. */
  readonly trained: number[] = [];
  readonly #home: string;
  readonly #files: Files;

  constructor(home: string, files: Files) {
    this.#home = home;
    this.#files = files;
  }

  async train(job: TrialJob, signal: AbortSignal): Promise<undefined> {
    this.trained.push(job.trial);
    const { call, request } = await trialRequest(job, backendsIn(this.#home), 1, this.#files);
    const session = await (call === 'start'
      ? Session.start(request, () => undefined, this.#files)
      : Session.resume(request, () => undefined, this.#files));
    const stop = () => session.control.stop();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await session.train();
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
