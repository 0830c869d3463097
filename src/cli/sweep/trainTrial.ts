import { setTimeout } from 'node:timers/promises';
import { phrase } from '../../phrases/phrase.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { disk } from '../../platform/files.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { LockError } from '../../runs/lock.ts';
import { LATER, PROGRESSED } from '../../slurm/script.ts';
import { checkSweep } from '../../sweeps/checkSweep.ts';
import { readPlan } from '../../sweeps/plan/planFile.ts';
import { type TrialJob, trialJob, trialRequest } from '../../sweeps/trials/trialJob.ts';
import { trialOutcome } from '../../sweeps/trials/trialOutcome.ts';
import { Session } from '../../worker/session.ts';
import { backendOptions, prepareNativeEnvironment } from '../environment.ts';
import { ExitCode } from '../exitCodes.ts';
import { runStore } from '../findRun.ts';
import { linesReporter } from '../reporters.ts';

/** Name of a trial up to a step, for a program that trains it elsewhere. */
export function itemOf({ trial, steps }: Pick<TrialJob, 'trial' | 'steps'>): string {
  return `${trial}-${steps}`;
}

/** Milliseconds between two requests of a locked run, and number of requests: a lock of a dead node lasts a minute. */
const [RETRY_MS, RETRIES] = [5000, 24];

/**
 * `sequence-lab trial`: trains one trial of a sweep in this process, for a job of a cluster. The plan is only read.
 * @param item as `itemOf` names it
 * @returns the exit code; `LATER` if another process still trains the trial, or if it was stopped before its first step
 */
export async function trainTrial(sweepFolder: string, item: string): Promise<number> {
  const job = await jobOf(sweepFolder, item);
  const threads = Number(process.env['SLURM_CPUS_PER_TASK'] ?? 1);
  prepareNativeEnvironment(job.config.threads || threads);
  const report = linesReporter();
  let hasProgress = false;
  const emit = (event: RunEvent) => {
    hasProgress ||= event.event === 'step';
    report(event);
  };
  let session: Session | undefined;
  for (let request = 1; session === undefined; request++) {
    const { objective } = job;
    if (await trialOutcome(job, objective, disk)) return ExitCode.ok;
    try {
      session = await open(job, threads, emit);
    } catch (error) {
      if (!(error instanceof LockError)) throw error;
      if (request === RETRIES) return LATER;
      await setTimeout(RETRY_MS);
    }
  }
  const code = await trainToEnd(session);
  return code === PROGRESSED && !hasProgress ? LATER : code;
}

async function jobOf(
  folder: string,
  item: string,
): Promise<TrialJob & Pick<ReturnType<typeof checkSweep>, 'objective'>> {
  const [, trial, steps] = /^(\d+)-(\d+)$/.exec(item) ?? [];
  const plan = await readPlan(folder);
  const state = plan?.trial(Number(trial));
  if (!plan || !state) throw new UnusableError(phrase('There is no trial "{0}" in {1}.', item, folder));
  const sweep = checkSweep(plan.header.sweep, plan.header.base);
  return { ...trialJob(sweep, plan.header, state, runStore()), steps: Number(steps), objective: sweep.objective };
}

async function open(job: TrialJob, threads: number, emit: (event: RunEvent) => void): Promise<Session> {
  const { call, request } = await trialRequest(job, backendOptions(), threads, disk);
  return call === 'start' ? Session.start(request, emit) : Session.resume(request, emit);
}

/** Trains until the end or until a signal, which ends the run with a checkpoint. */
async function trainToEnd(session: Session): Promise<number> {
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    session.control.stop();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    const { reason } = await session.train();
    if (reason === 'diverged') return ExitCode.diverged;
    return isStopped && reason === 'stopped' ? PROGRESSED : ExitCode.ok;
  } catch (error) {
    // Another job has taken the run over, after this node was cut off: its end counts.
    if (error instanceof LockError) return LATER;
    throw error;
  } finally {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
  }
}
