import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import type { RunConfig } from '../config/schema.ts';
import { checkModel } from '../config/tasks.ts';
import { runFacts, type StartEvent } from '../protocol/events.ts';
import type { ResumeRequest, StartRequest } from '../protocol/trainer.ts';
import { Checkpoints } from '../runs/checkpoints.ts';
import { runsFolder } from '../runs/home.ts';
import { RunLock } from '../runs/lock.ts';
import { readRecord, type RunRecord, writeRecord } from '../runs/record.ts';
import { createRunFolder, newRunId } from '../runs/runStore.ts';
import { NO_PLATEAUS, plateausSchema } from '../training/plateaus.ts';
import type { TrainingTask } from '../training/trainingTask.ts';
import { chooseBackend, reloadBackend } from './chooseBackend.ts';
import { taskKinds } from './tasks/registry.ts';
import { recoverTrainedModel } from './trainedModel.ts';
import { versions } from './versions.ts';

/** What a checkpoint holds besides tensors. */
const checkpointStateSchema = z.object({
  /** Checked by the trainer that wrote it. */
  trainer: z.unknown(),
  seconds: z.number().nonnegative(),
  /** The training losses that the end event averages. */
  recentLosses: z.array(z.number()),
  validationLoss: z.number().nullable(),
  best: z.object({ step: z.int().nonnegative(), loss: z.number() }).nullable(),
  /** Whether validations still got better. */
  plateaus: plateausSchema.default(NO_PLATEAUS),
  /** Whether each of the last steps was clipped. */
  recentlyClipped: z.array(z.boolean()).default([]),
});

export type CheckpointState = z.output<typeof checkpointStateSchema>;
type RunCheckpoints = Checkpoints<typeof checkpointStateSchema>;

/** A run with all it needs to train: on disk, in memory and on the backend. */
export interface PreparedRun {
  readonly folder: string;
  readonly lock: RunLock;
  readonly record: RunRecord;
  readonly checkpoints: RunCheckpoints;
  readonly task: TrainingTask;
  /** Where the run goes on from. */
  readonly step: number;
  readonly state: CheckpointState;
}

const FRESH: Omit<CheckpointState, 'trainer'> = {
  seconds: 0,
  recentLosses: [],
  validationLoss: null,
  best: null,
  plateaus: NO_PLATEAUS,
  recentlyClipped: [],
};

/**
 * Prepares a new run. What can go wrong with the user's input goes wrong before anything is written.
 * @throws InputError, or an Error that says what the user can do
 */
export async function prepareRun(request: StartRequest, now: Date): Promise<PreparedRun> {
  const { config, source, backends } = request;
  checkModel(config);
  const loaded = await taskKinds[config.task.name].load(source, config);
  const { name, text, facts } = loaded;
  const { backend, notices } = await chooseBackend(config, loaded.shape, backends);
  const baselines = await loaded.baselines();

  const task = loaded.create();
  task.initialize();

  const folder = request.out ?? join(runsFolder(backends.home), newRunId(name, now));
  await createRunFolder(folder);
  const lock = await RunLock.acquire(folder);
  try {
    const record: RunRecord = {
      version: 1,
      id: basename(folder),
      name,
      createdAt: now.toISOString(),
      state: 'running',
      config,
      source: await loaded.keepSource(folder),
      text,
      facts: [...facts],
      baselines,
      backend,
      comparison: request.comparison ?? null,
      versions: versions(),
      parameters: task.parameterCount,
      batchSize: loaded.batchSize,
      notices: [...notices, ...loaded.notices, ...modelNotices(task, config)],
      steps: config.training.steps,
      secondsLimit: config.training.seconds,
      progress: { step: 0, seconds: 0, trainLoss: null, validationLoss: null, best: null },
      message: null,
    };
    await writeRecord(folder, record);
    const checkpoints = new Checkpoints(folder, checkpointStateSchema);
    const state = { ...FRESH, trainer: task.trainer.state };
    // Even a run that dies in its first steps can be resumed.
    await checkpoints.write({ step: 0, state, tensors: await task.trainer.tensors() }, undefined);
    return { folder, lock, record, checkpoints, task, step: 0, state };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Prepares a run to go on from its last checkpoint.
 * @throws RunLockedError while another process trains it; Error when its files or its data are no longer there
 */
export async function prepareResume({ folder, changes, backends }: ResumeRequest): Promise<PreparedRun> {
  const before = await readRecord(folder);
  const lock = await RunLock.acquire(folder);
  try {
    await recoverTrainedModel(folder);
    const checkpoints = new Checkpoints(folder, checkpointStateSchema);
    const checkpoint = await checkpoints.readLatest();
    if (!checkpoint) throw new Error(`The run ${folder} has no checkpoint to go on from; start a new run.`);
    const loaded = await taskKinds[before.config.task.name].reload(folder, before);
    const elsewhere = changes.backend && { backend: changes.backend, threads: before.config.threads };
    const { backend, notices } = await (elsewhere
      ? chooseBackend(elsewhere, loaded.shape, backends)
      : reloadBackend(before.backend, backends));
    const task = loaded.create();
    task.trainer.restore(checkpoint.state.trainer, checkpoint.tensors);
    const record: RunRecord = {
      ...before,
      config: changedConfig(before.config, changes),
      backend,
      state: 'running',
      message: null,
      notices: [...new Set([...before.notices, ...notices])],
      steps: changes.steps ?? before.steps,
      secondsLimit: changes.seconds ?? before.secondsLimit,
    };
    await writeRecord(folder, record);
    return { folder, lock, record, checkpoints, task, step: checkpoint.step, state: checkpoint.state };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The event that tells the owner what was prepared. */
export function startEvent({ folder, record, step }: PreparedRun): StartEvent {
  const { id, config } = record;
  return { event: 'start', run: id, folder, task: config.task.name, step, ...runFacts.parse(record) };
}

/** A resumed run may train longer and with other rates; its schedule stays bound to the steps it was made for. */
function changedConfig(config: RunConfig, { learningRate, clipNorm, backend }: ResumeRequest['changes']): RunConfig {
  const { training } = config;
  return {
    ...config,
    backend: backend ?? config.backend,
    training: {
      ...training,
      learningRate: learningRate ?? training.learningRate,
      clipNorm: clipNorm ?? training.clipNorm,
    },
  };
}

/** Tasks whose models drop what stands outside of the recurrent layers too. */
const dropsOutside: ReadonlySet<RunConfig['task']['name']> = new Set([
  'classification',
  'sequence-to-sequence',
  'dates',
  'reversing',
]);

/** What the user should know of the model. */
function modelNotices({ stockObstacle }: TrainingTask, { task, model }: RunConfig): string[] {
  const notices = stockObstacle === undefined ? [] : [`${stockObstacle} The saved model opens in Sequence Lab only.`];
  if (model.dropout > 0 && model.layers === 1 && !dropsOutside.has(task.name))
    notices.push('Dropout acts between recurrent layers: with one layer nothing is dropped.');
  return notices;
}
