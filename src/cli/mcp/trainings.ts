import { basename, join } from 'node:path';
import { AgentError } from '../../agents/agentError.ts';
import type { TrainingStatus, Trainings } from '../../agents/context.ts';
import { textOf } from '../../phrases/causes.ts';
import { phrase, PhrasedError, say } from '../../phrases/phrase.ts';
import { disk, exists } from '../../platform/files.ts';
import { nameOfPath } from '../../platform/globs.ts';
import type { BackendOptions, RemoteTrainer, ResumeRequest, StartRequest } from '../../protocol/trainer.ts';
import { runsFolder } from '../../runs/home.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import { RECORD_FILE } from '../../runs/record.ts';
import { newRunId } from '../../runs/runStore.ts';
import { runSweep } from '../../sweeps/runSweep.ts';
import { createSweep, type NewSweep, type OpenSweep } from '../../sweeps/sweepStore.ts';
import { TrialProcesses } from '../sweep/trialProcesses.ts';
import { workersHere } from '../sweep/workersHere.ts';
import { TrainerProcess } from '../trainerProcess.ts';

/** Milliseconds that the start of a run is waited for. Reading a large file goes on after the answer. */
const START_MS = 10_000;

const STOPPED = phrase('The run was stopped before its training began.');
const CLOSED = phrase('The server ends, and starts nothing more.');

/** Phases of what can be stopped. */
const GOES_ON: ReadonlySet<TrainingStatus['phase'] | undefined> = new Set(['preparing', 'training', 'sweeping']);

/** What this module calls of a process that trains. */
export type TrainingProcess = Pick<TrainerProcess, 'ended' | 'close' | 'kill'> & {
  readonly remote: Pick<RemoteTrainer, 'start' | 'resume' | 'stop'>;
};

/** How a run begins. */
interface Beginning {
  readonly run: string;
  readonly folder: string;
  readonly isNew: boolean;
  readonly threads: number;
  readonly call: (remote: TrainingProcess['remote']) => Promise<unknown>;
}

interface Training {
  status: TrainingStatus;
  /** Ends it with a checkpoint, or before it begins. */
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
  readonly #startProcess: (threads: number) => TrainingProcess;
  readonly #trainings = new Map<string, Training>();
  #isClosed = false;

  /** @param startProcess starts a process with the threads of a backend; 0: the default */
  constructor(
    backends: BackendOptions,
    startProcess: (threads: number) => TrainingProcess = (threads) => new TrainerProcess(threads),
  ) {
    this.#backends = backends;
    this.#startProcess = startProcess;
  }

  async start(request: Pick<StartRequest, 'config' | 'source' | 'parent'>): Promise<{ readonly run: string }> {
    const run = newRunId(nameOf(request), new Date());
    const out = join(runsFolder(this.#backends.home), run);
    const backends = this.#backends;
    return this.#begin({
      run,
      folder: out,
      isNew: true,
      threads: request.config.threads,
      call: async (remote) => remote.start({ ...request, out, backends }),
    });
  }

  async resume({ folder, changes }: Pick<ResumeRequest, 'folder' | 'changes'>): Promise<{ readonly run: string }> {
    const backends = this.#backends;
    const run = basename(folder);
    const { config } = await readOwnRecord(folder);
    const earlier = this.#trainings.get(run);
    // Its process may still close its files.
    if (earlier && !GOES_ON.has(earlier.status.phase)) await earlier.closed;
    return this.#begin({
      run,
      folder,
      isNew: false,
      threads: config.threads,
      call: async (remote) => remote.resume({ folder, changes, backends }),
    });
  }

  async stop(id: string): Promise<boolean> {
    const training = this.#trainings.get(id);
    if (training === undefined || !GOES_ON.has(training.status.phase)) return false;
    await training.stop();
    return true;
  }

  async startSweep(request: NewSweep): Promise<{ readonly sweep: string; readonly trials: number }> {
    const open = await createSweep(this.#backends.home, request, new Date(), disk);
    if (this.#isClosed) {
      await open.close();
      throw new PhrasedError(CLOSED);
    }
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

  /** Ends everything with checkpoints, and starts nothing more. Resolves when all files are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#trainings.values()];
    await Promise.allSettled(all.map(async (training) => training.stop()));
    await Promise.allSettled(all.map(async ({ closed }) => closed));
  }

  /**
   * Starts a process with a run. Rejects if the run cannot be started, as far as that is known in time. Until the run is
   * in the table, nothing is waited for: a second call for it is refused, and `close` knows it.
   */
  async #begin(beginning: Beginning): Promise<{ readonly run: string }> {
    const { run, isNew, threads, call } = beginning;
    if (this.#isClosed) throw new PhrasedError(CLOSED);
    if (GOES_ON.has(this.#trainings.get(run)?.status.phase))
      throw new AgentError(`The run ${run} is in training, or begins soon. Follow it with get_run.`);
    const trainer = this.#startProcess(threads);
    let isStopped = false;
    const begun = call(trainer.remote).catch((error: unknown) => {
      throw isStopped ? new PhrasedError(STOPPED) : error;
    });
    const training: Training = {
      status: { phase: 'preparing' },
      stop: async () => {
        if (training.status.phase === 'training') return trainer.remote.stop();
        isStopped = true;
        // There is nothing of a new run to save; a resumed one may have begun to write.
        if (isNew) trainer.kill();
        else await trainer.close();
        await training.closed;
      },
      closed: this.#follow(trainer, begun, (status) => (training.status = status)).then(async () => {
        if (isStopped) await removeUnrecorded(beginning);
      }),
    };
    this.#trainings.set(run, training);
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, START_MS)));
    await Promise.race([begun, isLate]).finally(() => clearTimeout(timer));
    return { run };
  }

  async #follow(
    trainer: TrainingProcess,
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

/** Removes what a new run that never began has left: its process, which was killed, could not. */
async function removeUnrecorded({ folder, isNew }: Beginning): Promise<void> {
  if (isNew && !(await exists(join(folder, RECORD_FILE)))) await disk.remove(folder);
}

function failed(error: unknown): TrainingStatus {
  return { phase: 'failed', message: say(textOf(error)) };
}

/** Name of the data, for the id of the run. */
function nameOf({ config, source }: Pick<StartRequest, 'config' | 'source'>): string {
  if (source.kind === 'file') return nameOfPath(source.path);
  return source.kind === 'text' ? source.name : config.task.name;
}
