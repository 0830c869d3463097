import { basename, join } from 'node:path';
import type { TrainingStatus, Trainings } from '../../agents/context.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';
import { disk } from '../../platform/files.ts';
import { nameOfPath } from '../../platform/globs.ts';
import type { BackendOptions, ResumeRequest, StartRequest } from '../../protocol/trainer.ts';
import { runsFolder } from '../../runs/home.ts';
import { newRunId } from '../../runs/runStore.ts';
import { runSweep } from '../../sweeps/runSweep.ts';
import { createSweep, type NewSweep, type OpenSweep } from '../../sweeps/sweepStore.ts';
import { TrialProcesses } from '../sweep/trialProcesses.ts';
import { workersHere } from '../sweep/workersHere.ts';
import { TrainerProcess } from '../trainerProcess.ts';

/** Milliseconds that the start of a run is waited for. Reading a large file goes on after the answer. */
const START_MS = 10_000;

/** Phases of what can be stopped. */
const GOES_ON: ReadonlySet<TrainingStatus['phase']> = new Set(['preparing', 'training', 'sweeping']);

interface Training {
  status: TrainingStatus;
  /** Ends it with a checkpoint. */
  stop(): Promise<void>;
  /** Resolves when its files are closed. */
  readonly closed: Promise<void>;
}

/**
 * Runs and sweeps that train in processes of their own, each of which contains one trainer. They end with checkpoints
 * when this process ends.
 */
export class ProcessTrainings implements Trainings {
  readonly #backends: BackendOptions;
  readonly #trainings = new Map<string, Training>();

  constructor(backends: BackendOptions) {
    this.#backends = backends;
  }

  async start(request: Pick<StartRequest, 'config' | 'source' | 'parent'>): Promise<{ readonly run: string }> {
    const run = newRunId(nameOf(request), new Date());
    const out = join(runsFolder(this.#backends.home), run);
    const backends = this.#backends;
    return this.#begin(run, request.config.threads, async (trainer) =>
      trainer.remote.start({ ...request, out, backends }),
    );
  }

  async resume({ folder, changes }: Pick<ResumeRequest, 'folder' | 'changes'>): Promise<{ readonly run: string }> {
    const backends = this.#backends;
    return this.#begin(basename(folder), 0, async (trainer) => trainer.remote.resume({ folder, changes, backends }));
  }

  async stop(id: string): Promise<boolean> {
    const training = this.#trainings.get(id);
    if (training === undefined || !GOES_ON.has(training.status.phase)) return false;
    await training.stop();
    return true;
  }

  async startSweep(request: NewSweep): Promise<{ readonly sweep: string; readonly trials: number }> {
    const open = await createSweep(this.#backends.home, request, new Date(), disk);
    const sweep = basename(open.folder);
    const controller = new AbortController();
    const training: Training = {
      status: { phase: 'sweeping' },
      stop: async () => Promise.resolve(controller.abort()),
      closed: this.#sweep(open, controller.signal).then(
        () => void (training.status = { phase: 'ended' }),
        (error: unknown) => void (training.status = failed(error)),
      ),
    };
    this.#trainings.set(sweep, training);
    return { sweep, trials: open.plan.state.trials.length };
  }

  status(id: string): TrainingStatus | undefined {
    return this.#trainings.get(id)?.status;
  }

  /** Ends everything with checkpoints. Resolves when all files are closed. */
  async close(): Promise<void> {
    const all = [...this.#trainings.values()];
    await Promise.allSettled(all.map(async (training) => training.stop()));
    await Promise.allSettled(all.map(async ({ closed }) => closed));
  }

  /** Starts a process with a run. Rejects if the run cannot be started, as far as that is known in time. */
  async #begin(
    run: string,
    threads: number,
    call: (trainer: TrainerProcess) => Promise<unknown>,
  ): Promise<{ readonly run: string }> {
    const trainer = new TrainerProcess(threads);
    const begun = call(trainer);
    const training: Training = {
      status: { phase: 'preparing' },
      stop: async () => {
        await begun;
        await trainer.remote.stop();
      },
      closed: this.#follow(trainer, begun, (status) => (training.status = status)),
    };
    this.#trainings.set(run, training);
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, START_MS)));
    await Promise.race([begun, isLate]).finally(() => clearTimeout(timer));
    return { run };
  }

  async #follow(
    trainer: TrainerProcess,
    begun: Promise<unknown>,
    tell: (status: TrainingStatus) => void,
  ): Promise<void> {
    try {
      await begun;
      tell({ phase: 'training' });
      await trainer.ended;
      tell({ phase: 'ended' });
    } catch (error) {
      tell(failed(error));
    } finally {
      await trainer.close();
    }
  }

  async #sweep(open: OpenSweep, signal: AbortSignal): Promise<void> {
    const { workers, threads } = workersHere();
    try {
      await runSweep({
        open,
        trainer: new TrialProcesses({ backends: this.#backends, threads, onEvent: () => undefined }),
        workers,
        runs: runsFolder(this.#backends.home),
        files: disk,
        signal,
      });
    } finally {
      await open.close();
    }
  }
}

function failed(error: unknown): TrainingStatus {
  return { phase: 'failed', message: say(textOf(error)) };
}

/** Name of the data, for the id of the run. */
function nameOf({ config, source }: Pick<StartRequest, 'config' | 'source'>): string {
  if (source.kind === 'file') return nameOfPath(source.path);
  return source.kind === 'text' ? source.name : config.task.name;
}
