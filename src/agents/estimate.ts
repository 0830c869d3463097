import { join } from 'node:path';
import { effectiveFields, type FieldPath } from '../config/applicability.ts';
import { isEndless } from '../config/limits.ts';
import { getField } from '../config/parse.ts';
import type { RunConfig } from '../config/schema.ts';
import { stepBytes } from '../config/stepBytes.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import { formatDuration } from '../format/duration.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import { disk, fileInfo, isMissing } from '../platform/files.ts';
import type { ResumeChanges } from '../protocol/trainer.ts';
import type { IndexedRun } from '../runs/runIndex.ts';
import type { AgentLab } from './context.ts';
import { storedRuns } from './runs.ts';
import type { Estimate } from './tool.ts';

/** Estimate of a call that uses next to nothing. */
export const NO_COST: Estimate = { steps: null, seconds: null, memoryBytes: null, diskBytes: null };

/** An estimate with what it is based on. */
export interface BasedEstimate {
  readonly estimate: Estimate;
  /** Limit of the time of training in seconds; null without one. */
  readonly limit: number | null;
  /** Ids of the runs whose speed was measured; none if the time is not known. */
  readonly basis: readonly string[];
  /** Whether the steps are the most that are possible, rather than those that are planned. */
  readonly isBound?: boolean;
}

/** Fields that the time of a step depends on. */
const TIMED: readonly RegExp[] = [
  /^task\./,
  /^model\./,
  /^data\.sequenceLength$/,
  /^training\.(?:batchSize|truncation)$/,
];

/** Estimates a new run by the stored run that is trained alike. */
export async function estimateTraining(config: RunConfig, lab: Pick<AgentLab, 'home'>): Promise<BasedEstimate> {
  return (await estimator(lab))(config);
}

/** Estimates a new run that trains for the steps of its configuration, or up to a step. */
export type Estimator = (config: RunConfig, steps?: number) => Promise<BasedEstimate>;

/** Reads the run store once, for the estimates of many runs. */
export async function estimator(lab: Pick<AgentLab, 'home'>): Promise<Estimator> {
  const { runs } = await storedRuns(lab);
  const alike = new Map<string, IndexedRun>();
  for (const run of runs) {
    const key = timedPart(run.record.config);
    // The newest run of its kind comes first.
    if (run.record.progress.step > 0 && !run.record.logged && !alike.has(key)) alike.set(key, run);
  }
  const sizes = new Map<string, Promise<number>>();
  const bytesOf = async (folder: string) => {
    const size = sizes.get(folder) ?? folderBytes(folder);
    sizes.set(folder, size);
    return size;
  };
  return async (config, steps = config.training.steps) => {
    const run = alike.get(timedPart(config));
    return based(config, isEndless(steps) ? null : steps, config.training.seconds || null, run, bytesOf);
  };
}

/** A run whose speed and size are known. */
type Measured = Pick<IndexedRun, 'folder' | 'record'>;

/** Estimates the rest of a stored run by its own speed. */
export async function estimateRest(
  run: Measured,
  { steps = run.record.steps, seconds = run.record.secondsLimit }: ResumeChanges,
): Promise<BasedEstimate> {
  const { record } = run;
  const limit = seconds === 0 ? null : Math.max(0, seconds - record.progress.seconds);
  return based(record.config, isEndless(steps) ? null : steps - record.progress.step, limit, run, folderBytes);
}

/** Sentences that state an estimate. */
export function costOf({ estimate, limit, basis, isBound = false }: BasedEstimate): Text[] {
  const { steps, seconds, memoryBytes, diskBytes } = estimate;
  return [
    ...(steps === null
      ? []
      : [isBound ? phrase('Steps: at most {0}.', formatCount(steps)) : phrase('Steps: {0}.', formatCount(steps))]),
    ...(limit === null ? [] : [phrase('Training ends after {0} at the latest.', formatDuration(limit))]),
    timeOf(seconds, basis),
    ...(memoryBytes === null ? [] : [phrase('Memory: at least {0}.', formatBytes(memoryBytes))]),
    diskBytes === null
      ? phrase('The space on disk is not known before the first checkpoint.')
      : phrase('Disk: about {0}.', formatBytes(diskBytes)),
  ];
}

function timeOf(seconds: number | null, basis: readonly string[]): Text {
  const [first, ...others] = basis;
  if (seconds === null || first === undefined)
    return phrase('The time is not known: no run of this kind has been trained here.');
  const duration = formatDuration(Math.max(1, seconds));
  return others.length === 0
    ? phrase('Time: about {0}, at the speed of the run {1}.', duration, first)
    : phrase('Time: about {0}, at the speed of {1} stored runs.', duration, basis.length);
}

async function based(
  config: RunConfig,
  steps: number | null,
  limit: number | null,
  alike: Measured | undefined,
  bytesOf: (folder: string) => Promise<number>,
): Promise<BasedEstimate> {
  const { step = 0, seconds = 0 } = alike?.record.progress ?? {};
  const byRate = steps === null || step === 0 ? null : (steps * seconds) / step;
  const atMost = limit === null ? byRate : Math.min(limit, byRate ?? limit);
  return {
    estimate: {
      steps,
      seconds: atMost,
      memoryBytes: memoryOf(config),
      diskBytes: alike === undefined ? null : await bytesOf(alike.folder),
    },
    limit,
    basis: byRate === null || alike === undefined ? [] : [alike.record.id],
  };
}

/** Bytes of a step without the parts that depend on the vocabulary, which is not known yet; null without a network. */
function memoryOf({ task, model, data, training }: RunConfig): number | null {
  if (model.family !== 'recurrent') return null;
  const { batchSize } = training;
  return stepBytes({ task: task.name, model, timeSteps: data.sequenceLength, batchSize, inputs: 1, outputs: 1 });
}

/** Everything that the time of a step depends on. */
function timedPart(config: RunConfig): string {
  const fields = [...effectiveFields(config)].filter((path) => TIMED.some((pattern) => pattern.test(path)));
  return JSON.stringify([config.task.name, ...fields.sort().map((path: FieldPath) => [path, getField(config, path)])]);
}

/** Size of the files in a folder and in those below. Files that vanish meanwhile do not count. */
async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const { name, isFolder, isFile } of await disk.list(folder)) {
    const path = join(folder, name);
    if (isFolder) bytes += await folderBytes(path);
    if (isFile) bytes += await sizeOf(path);
  }
  return bytes;
}

async function sizeOf(path: string): Promise<number> {
  return fileInfo(path).then(
    ({ size }) => size,
    (error: unknown) => {
      if (isMissing(error)) return 0;
      throw error;
    },
  );
}
