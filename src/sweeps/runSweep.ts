import { textOf } from '../phrases/causes.ts';
import { phrase, say, type Text } from '../phrases/phrase.ts';
import type { Files } from '../platform/files.ts';
import type { SweepEvent } from './plan/events.ts';
import { hasFailed } from './plan/sweepState.ts';
import { Schedule } from './schedule/schedule.ts';
import type { OpenSweep } from './sweepStore.ts';
import { type TrialJob, trialJob } from './trials/trialJob.ts';
import { trialOutcome, trialProgress } from './trials/trialOutcome.ts';

/** Trains the trials of a sweep: in processes of this computer, or elsewhere. */
export interface TrialTrainer {
  /**
   * Trains a trial up to its steps, from the beginning or from its last checkpoint. Resolves when its run has ended and
   * its files are closed. Once the signal is aborted, the run ends with a checkpoint.
   * @returns `elsewhere` if another process or window has trained it meanwhile: its files say how far
   * @throws Error if the run fails
   */
  train(job: TrialJob, signal: AbortSignal): Promise<'elsewhere' | undefined>;
}

export interface SweepRunOptions {
  readonly open: OpenSweep;
  readonly trainer: TrialTrainer;
  /** Number of trials that train at a time. */
  readonly workers: number;
  /** Folder of the runs. */
  readonly runs: string;
  readonly files: Files;
  /** Stops the sweep: each trial in training ends with a checkpoint. */
  readonly signal: AbortSignal;
  /** Receives each start, end and promotion, once it is in the plan. */
  readonly onEvent?: (event: SweepEvent) => void;
}

/** Why a sweep has ended: every trial has, the budget is used up, or it was stopped. */
export type SweepEnd = 'done' | 'budget' | 'stopped';

/** Most times that a trial is looked at again because something else has trained it. */
const MOST_LOOKS = 5;

const STOPPED_ELSEWHERE = phrase('The run was stopped from outside of the sweep.');

/**
 * Runs a sweep to its end. What is to be done is on disk before it is done, and what has ended is read from the files of
 * its run: after a kill at any moment, no trial that has ended runs again, and the others go on from their checkpoints.
 * @throws Error if the plan cannot be written; the trials in training have then ended with checkpoints
 */
export async function runSweep(options: SweepRunOptions): Promise<SweepEnd> {
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const schedule = new Schedule(options.open.sweep, options.open.plan.state);
  const running = new RunningTrials();
  try {
    for (;;) {
      const end = await startTrials(options, schedule, signal, running);
      if (running.size === 0) return signal.aborted ? 'stopped' : (end ?? 'done');
      await running.nextEnd();
    }
  } catch (error) {
    failure.abort();
    await running.allEnd();
    throw error;
  } finally {
    schedule.close();
  }
}

/**
 * Trials in training. `Promise.race` would add a reaction to each of them for each one that ends, which adds up with a
 * thousand workers of a cluster.
 */
class RunningTrials {
  readonly #trials = new Set<Promise<void>>();
  #ended: () => void = () => undefined;
  #failed: (error: unknown) => void = () => undefined;

  get size(): number {
    return this.#trials.size;
  }

  add(work: Promise<void>): void {
    const trial = work.finally(() => this.#trials.delete(trial));
    this.#trials.add(trial);
    // An error of the plan is thrown by whoever waits for the trial, or by the next write.
    trial.then(
      () => this.#ended(),
      (error: unknown) => this.#failed(error),
    );
  }

  /** Resolves when another trial has ended. @throws the error of a trial */
  async nextEnd(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#ended = resolve;
      this.#failed = reject;
    });
  }

  /** Resolves when all trials have ended, with errors or without. */
  async allEnd(): Promise<void> {
    await Promise.allSettled(this.#trials);
  }
}

/** Starts trials while there are free workers. @returns why no other trial starts, if none will */
async function startTrials(
  options: SweepRunOptions,
  schedule: Schedule,
  signal: AbortSignal,
  running: RunningTrials,
): Promise<'done' | 'budget' | undefined> {
  while (running.size < options.workers && !signal.aborted) {
    const decision = schedule.decide();
    if (decision.do === 'wait') return undefined;
    if (decision.do === 'end') return decision.because;
    if (decision.do === 'promote') {
      const { setting, rung } = decision;
      await append(options, { event: 'promoted', at: now(), setting, rung });
      continue;
    }
    const job = jobOf(options, decision.trial);
    await append(options, { event: 'started', at: now(), trial: job.trial, run: job.run, steps: job.steps });
    running.add(runTrial(options, job, signal));
  }
  return undefined;
}

/** Trains a trial unless it has ended already, and writes how it ended. */
async function runTrial(options: SweepRunOptions, job: TrialJob, signal: AbortSignal): Promise<void> {
  const { open, trainer, files } = options;
  const { objective } = open.sweep;
  const { trial } = job;
  let failure: Text = STOPPED_ELSEWHERE;
  try {
    let outcome = await trialOutcome(job, objective, files);
    for (let looks = 0; !outcome && looks < MOST_LOOKS && !signal.aborted; looks++) {
      const end = await trainer.train(job, signal);
      outcome = await trialOutcome(job, objective, files);
      if (end !== 'elsewhere') break;
    }
    if (outcome) return await append(options, { event: 'ended', at: now(), trial, ...outcome });
  } catch (error) {
    if (error instanceof PlanError) throw error;
    failure = textOf(error);
  }
  if (signal.aborted) return open.plan.state.release(trial);
  const { step, seconds } = await trialProgress(job, files);
  await append(options, {
    event: 'ended',
    at: now(),
    trial,
    reason: 'failed',
    objective: null,
    step,
    seconds,
    message: failure,
  });
}

/** Lets the trials that failed be tried again. */
export async function requeueFailed({ plan }: Pick<OpenSweep, 'plan'>): Promise<void> {
  for (const { trial } of plan.state.trials.filter(hasFailed))
    await plan.append({ event: 'requeued', at: now(), trial });
}

function jobOf({ open, runs }: SweepRunOptions, trial: number): TrialJob {
  const { plan, sweep } = open;
  const state = plan.state.trial(trial);
  if (!state) throw new Error(`The sweep has no trial ${trial}.`);
  return trialJob(sweep, plan.state.header, state, runs);
}

/** The plan could not be written: the sweep cannot go on. */
class PlanError extends Error {
  override readonly name = 'PlanError';
}

/** @throws PlanError if it cannot be written, or if another process has taken the sweep over */
async function append({ open, onEvent }: SweepRunOptions, event: SweepEvent): Promise<void> {
  try {
    await open.assertHeld();
    await open.plan.append(event);
  } catch (cause) {
    throw new PlanError(say(textOf(cause)), { cause });
  }
  onEvent?.(event);
}

function now(): string {
  return new Date().toISOString();
}
