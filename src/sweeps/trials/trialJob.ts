import { join } from 'node:path';
import type { RunConfig } from '../../config/schema.ts';
import { exists, type Files } from '../../platform/files.ts';
import type { BackendOptions, ResumeRequest, RunSource, StartRequest } from '../../protocol/trainer.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import { RECORD_FILE } from '../../runs/record.ts';
import { dataOfRun } from '../../runs/runSource.ts';
import type { SweepHeader, TrialSource } from '../plan/events.ts';
import type { TrialState } from '../plan/sweepState.ts';
import { trialConfig } from '../plannedTrials.ts';
import type { Setting } from '../space/dimension.ts';
import type { Sweep } from '../sweep.ts';

/** A trial to train, up to a step. */
export interface TrialJob {
  /** Id of the sweep. */
  readonly sweep: string;
  /** Number of the trial, from 1 on. */
  readonly trial: number;
  readonly values: Setting;
  /** Id of its run, which is also the name of its folder. */
  readonly run: string;
  readonly folder: string;
  readonly config: RunConfig;
  /** Steps from the first one of the run on. */
  readonly steps: number;
  readonly source: TrialSource;
  /** Id of the run that the sweep is started from; null without one. */
  readonly parent: string | null;
}

/** Digits of the number of a trial in the name of its run. */
const DIGITS = 4;

/**
 * The job of a trial at its rung. The id of its run follows from the plan, so that a trial that was started twice,
 * because its process was killed, has one run.
 * @param runs folder of the runs
 */
export function trialJob(sweep: Sweep, header: SweepHeader, trial: TrialState, runs: string): TrialJob {
  const config = trialConfig(sweep, trial);
  const run = `${header.id}-${String(trial.trial).padStart(DIGITS, '0')}`;
  return {
    sweep: header.id,
    trial: trial.trial,
    values: trial.values,
    run,
    folder: join(runs, run),
    config,
    steps: sweep.rungs?.[trial.rung] ?? config.training.steps,
    source: header.source,
    parent: header.parent,
  };
}

/** The call of a trainer that trains a trial: a new run, or the one of the trial from its last checkpoint. */
export type TrialRequest =
  | { readonly call: 'start'; readonly request: StartRequest }
  | { readonly call: 'resume'; readonly request: ResumeRequest };

/**
 * What a trainer has to do for a trial.
 * @param threads of the backend, unless the configuration sets them
 * @throws Error if the data of the run that the sweep is started from no longer exists
 */
export async function trialRequest(
  job: TrialJob,
  backends: BackendOptions,
  threads: number,
  files: Files,
): Promise<TrialRequest> {
  const { folder, config, steps, source, parent, values, sweep, trial } = job;
  if (await exists(join(folder, RECORD_FILE)))
    return { call: 'resume', request: { folder, changes: { steps }, backends } };
  return {
    call: 'start',
    request: {
      config: { ...config, threads: config.threads || threads },
      source: await runSource(source, files),
      backends,
      out: folder,
      until: steps,
      sweep: { id: sweep, trial },
      ...(parent !== null && { parent: { run: parent, reason: 'sweep', changes: { ...values } } }),
    },
  };
}

async function runSource(source: TrialSource, files: Files): Promise<RunSource> {
  if (source.kind !== 'run') return source;
  const { folder } = source;
  const { config, source: stored, name } = await readOwnRecord(folder, files);
  return dataOfRun({ config, folder, sourcePath: stored?.path ?? null, name });
}
