import { join } from 'node:path';
import type { Text } from '../../phrases/phrase.ts';
import { exists, type Files } from '../../platform/files.ts';
import { meanLoss, RECENT_STEPS } from '../../protocol/trainingLoss.ts';
import { METRICS, type MetricKey } from '../../protocol/metrics.ts';
import { readMetrics } from '../../runs/metricsLog.ts';
import { readRecord, RECORD_FILE, type RunRecord } from '../../runs/record.ts';
import type { Objective } from '../sweep.ts';
import type { TrialJob } from './trialJob.ts';

/** How a trial has ended, as the files of its run say. */
export interface TrialOutcome {
  readonly reason: 'completed' | 'diverged';
  /** Null if the run diverged, or if the number is missing or not finite. */
  readonly objective: number | null;
  /** Steps and seconds of training. */
  readonly step: number;
  readonly seconds: number;
  readonly message: Text | null;
}

/**
 * The end of a trial, from the files of its run, which any process may have trained.
 * @returns undefined if it has not ended, or has ended at an earlier rung and can train on
 */
export async function trialOutcome(
  { folder, steps }: Pick<TrialJob, 'folder' | 'steps'>,
  objective: Objective,
  files: Files,
): Promise<TrialOutcome | undefined> {
  if (!(await exists(join(folder, RECORD_FILE)))) return undefined;
  const record = await readRecord(folder, files);
  const { state, progress, message } = record;
  const hasDiverged = state === 'diverged';
  // A run that ended before its steps, because it was solved or no longer improved, has no use for more steps.
  // It says so in its message, also if that was at the last step of a rung.
  const hasEnded = state === 'completed' && (record.steps >= steps || progress.step < record.steps || message !== null);
  if (!hasEnded && !hasDiverged) return undefined;
  return {
    reason: hasDiverged ? 'diverged' : 'completed',
    objective: hasDiverged ? null : finite(await valueOf(objective.metric, record, folder, files)),
    step: progress.step,
    seconds: progress.seconds,
    message,
  };
}

/** Steps and seconds that the run of a trial has trained; none if it has no readable record. */
export async function trialProgress(
  { folder }: Pick<TrialJob, 'folder'>,
  files: Files,
): Promise<Pick<TrialOutcome, 'step' | 'seconds'>> {
  const record = await readRecord(folder, files).catch(() => undefined);
  return { step: record?.progress.step ?? 0, seconds: record?.progress.seconds ?? 0 };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** The value of a metric at the end of a run: of the model that it keeps, if the metric is about a model. */
async function valueOf(key: MetricKey, record: RunRecord, folder: string, files: Files): Promise<number | null> {
  const metric = METRICS.find((each) => each.key === key);
  if (!metric) return null;
  const { from } = metric;
  if ('metric' in from) {
    const value = await valueOf(from.metric, record, folder, files);
    return value === null ? null : from.map(value);
  }
  if ('validation' in from) return record.progress.kept?.loss ?? record.progress.validationLoss;
  if (key === 'trainLoss') return record.progress.trainLoss;
  const events = await readMetrics(folder, files);
  const values = events
    .flatMap((event) => (event.event === 'step' ? (from.step(event) ?? []) : []))
    .slice(-RECENT_STEPS);
  return meanLoss(values);
}
