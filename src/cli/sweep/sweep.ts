import { resolve } from 'node:path';
import { disk } from '../../platform/files.ts';
import { sha256Hex } from '../../platform/hashing.ts';
import { labHome } from '../../runs/home.ts';
import { MOST_QUEUED } from '../../slurm/queue.ts';
import type { SweepState } from '../../sweeps/plan/sweepState.ts';
import { requeueFailed, runSweep, type SweepEnd, type TrialTrainer } from '../../sweeps/runSweep.ts';
import { createSweep, lastSweepOf, openSweep, type OpenSweep } from '../../sweeps/sweepStore.ts';
import { backendOptions } from '../environment.ts';
import { ExitCode, UsageError } from '../exitCodes.ts';
import { runStore } from '../findRun.ts';
import { readSmallText } from '../lines.ts';
import { isInteractive } from '../terminal.ts';
import { readSweepFile } from './readSweepFile.ts';
import { givenJobFlag, type JobFlags, jobFlagsOf, keepJobFlags, nodeOfJobs } from './jobFlags.ts';
import { printTrials } from './describeSweep.ts';
import { barsReporter, jsonReporter, linesReporter, type SweepReporter } from './reporters.ts';
import { SlurmTrials } from './slurmTrials.ts';
import { stopOnInterrupt } from '../stopOnInterrupt.ts';
import { TrialProcesses } from './trialProcesses.ts';
import { workersHere } from './workersHere.ts';

/** Flags of `sweep`, as parsed by commander. */
export interface SweepFlags extends JobFlags {
  readonly workers?: number;
  readonly resume: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Trains on a Slurm cluster, with the flags of jobs. */
  readonly slurm: boolean;
  /** Cancels the jobs of the last sweep of the file. */
  readonly cancel: boolean;
}

/**
 * `sequence-lab sweep`.
 * @returns the exit code
 * @throws ConfigError, InputError, RunNotFoundError for invalid input
 */
export async function sweep(file: string, flags: SweepFlags): Promise<number> {
  refuseWithoutSlurm(flags);
  if (flags.dryRun) return dryRun(file, flags);
  if (flags.cancel) return cancel(file, flags);
  const open = flags.resume
    ? await resumed(file)
    : await createSweep(labHome(), await readSweepFile(file), new Date(), disk);
  try {
    return await run(open, file, flags);
  } finally {
    await open.close();
  }
}

/** @throws UsageError for a flag of jobs without a cluster: the trials would train here */
function refuseWithoutSlurm(flags: SweepFlags): void {
  if (flags.slurm || flags.cancel) return;
  const flag = givenJobFlag(flags);
  if (flag === undefined) return;
  throw new UsageError(`--${flag} is for the jobs of a cluster. Add --slurm, or remove it.`);
}

async function dryRun(file: string, { resume, json }: SweepFlags): Promise<number> {
  if (resume) throw new UsageError('--dry-run lists the trials of a new sweep. Remove it, or remove --resume.');
  const { sweep: checked, trials } = await readSweepFile(file);
  printTrials(checked, trials, json);
  return ExitCode.ok;
}

/** Opens the last sweep of a file. Trials that failed are tried again. */
async function resumed(file: string): Promise<OpenSweep> {
  const folder = await lastSweepOf(labHome(), resolve(file), disk);
  if (folder === undefined) throw new UsageError(`${file} has no sweep to go on with. Start one without --resume.`);
  const open = await openSweep(folder, disk);
  const text = await readSmallText(file).catch(() => undefined);
  if (text === undefined || sha256Hex(text) !== open.plan.state.header.sha256)
    process.stderr.write(`${file} has changed since the sweep began: the sweep goes on as it began.\n`);
  await requeueFailed(open);
  return open;
}

/** What trains the trials, and how many at a time. */
interface Trainer {
  readonly trainer: TrialTrainer;
  readonly workers: number;
  /** Threads of each trial. */
  readonly threads: number;
  /** Aborted if no trial can be trained, with the error as its reason. */
  readonly failed?: AbortSignal;
  close?(): Promise<void>;
}

function trainerHere(flags: SweepFlags, onEvent: SweepReporter['onRunEvent']): Trainer {
  const { workers, threads } = workersHere(flags.workers);
  return { trainer: new TrialProcesses({ backends: backendOptions(), threads, onEvent }), workers, threads };
}

async function trainerOnSlurm({ folder }: OpenSweep, flags: SweepFlags): Promise<Trainer> {
  const jobs = await jobFlagsOf(folder, flags);
  // Options that Slurm refuses are not those of the next start.
  const trials = await slurmTrials(folder, jobs, async () => keepJobFlags(folder, jobs));
  return {
    trainer: trials,
    workers: flags.workers ?? MOST_QUEUED * (jobs.trialsPerTask ?? 1),
    threads: jobs.cpus ?? 1,
    failed: trials.failed,
    close: async () => trials.close(),
  };
}

async function slurmTrials(folder: string, flags: JobFlags, onAccepted?: () => Promise<void>): Promise<SlurmTrials> {
  const { partition, time, mem, gpus, account, constraint, atOnce, sbatch, setup } = flags;
  return SlurmTrials.open({
    folder,
    node: nodeOfJobs(flags),
    ...(onAccepted && { onAccepted }),
    options: {
      partition,
      time,
      mem,
      gpus,
      account,
      constraint,
      atOnce,
      cpusPerTask: flags.cpus,
      itemsPerTask: flags.trialsPerTask,
      lines: sbatch,
      setup,
    },
  });
}

/** Cancels the jobs of the last sweep of a file, which ends the command that follows them. */
async function cancel(file: string, flags: SweepFlags): Promise<number> {
  const folder = await lastSweepOf(labHome(), resolve(file), disk);
  if (folder === undefined) throw new UsageError(`${file} has no sweep.`);
  await (await slurmTrials(folder, flags)).cancel();
  return ExitCode.ok;
}

async function run(open: OpenSweep, file: string, flags: SweepFlags): Promise<number> {
  const report = reporter(open, flags.json);
  const { signal, release } = stopOnInterrupt();
  try {
    const { trainer, workers, threads, failed, close } = flags.slurm
      ? await trainerOnSlurm(open, flags)
      : trainerHere(flags, report.onRunEvent);
    report.begin({ workers, threads });
    const end = await runSweep({
      open,
      trainer,
      workers,
      runs: runStore(),
      files: disk,
      signal: failed === undefined ? signal : AbortSignal.any([signal, failed]),
      onEvent: report.onEvent,
    });
    await close?.();
    if (failed?.aborted) throw failed.reason;
    report.end(end);
    if (end === 'stopped') process.stderr.write(describeStop(file, flags));
    return release() ?? exitCode(open.plan.state, end, resumeCommand(file, flags));
  } finally {
    report.close();
    release();
  }
}

function describeStop(file: string, flags: SweepFlags): string {
  const resume = resumeCommand(file, flags);
  return flags.slurm
    ? `The jobs go on. Follow them with: ${resume}. Cancel them with: sequence-lab sweep "${file}" --cancel\n`
    : `Stopped. Go on with: ${resume}\n`;
}

function resumeCommand(file: string, { slurm }: SweepFlags): string {
  return `sequence-lab sweep "${file}" --resume${slurm ? ' --slurm' : ''}`;
}

/** @param resume command that tries the trials that failed again */
function exitCode({ failed }: SweepState, end: SweepEnd, resume: string): number {
  if (end === 'stopped') return ExitCode.interrupted;
  if (failed === 0) return ExitCode.ok;
  process.stderr.write(`${failed} trials failed. Try them again with: ${resume}\n`);
  return ExitCode.failed;
}

function reporter(open: OpenSweep, json: boolean): SweepReporter {
  if (json) return jsonReporter(open);
  return isInteractive(process.stdout, process.env) ? barsReporter(open) : linesReporter(open);
}
