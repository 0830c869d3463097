import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import packageJson from '../../package.json' with { type: 'json' };
import { ineffectiveFields } from '../config/applicability.ts';
import type { RunConfig } from '../config/schema.ts';
import { checkModel } from '../config/tasks.ts';
import type { Files } from '../platform/files.ts';
import { runFacts, type StartEvent } from '../protocol/events.ts';
import type { ResumeRequest, StartRequest } from '../protocol/trainer.ts';
import { Checkpoints } from '../runs/checkpoints.ts';
import { runsFolder } from '../runs/home.ts';
import { RunLock } from '../runs/lock.ts';
import { readRecord, type RunRecord, writeRecord } from '../runs/record.ts';
import { createRunFolder, newRunId } from '../runs/runStore.ts';
import type { TrainingTask } from '../training/trainingTask.ts';
import { chooseBackend, reloadBackend } from './chooseBackend.ts';
import { checkpointStateSchema, Progress } from './progress.ts';
import { taskKinds } from './tasks/registry.ts';
import { recoverTrainedModel, type TrainedModelFiles } from './trainedModel.ts';
import { phrase, PhrasedError, type Text } from '../phrases/phrase.ts';

/** A run that is ready to train: on disk, in memory and on the backend. */
export interface PreparedRun {
  readonly folder: string;
  /** File system for all writes of the run. */
  readonly files: Files;
  readonly lock: RunLock;
  readonly record: RunRecord;
  readonly checkpoints: Checkpoints<typeof checkpointStateSchema>;
  readonly task: TrainingTask;
  /** State of the checkpoint that the run continues from. */
  readonly progress: Progress;
  /** The model of an earlier step that the checkpoint keeps; undefined if it keeps none. */
  readonly keptModel: TrainedModelFiles | undefined;
}

/**
 * Prepares a new run. Errors in the user's input are reported before anything is written.
 * @throws InputError, or an Error that tells the user what to do
 */
export async function prepareRun(request: StartRequest, now: Date, files: Files): Promise<PreparedRun> {
  const { config, source, backends } = request;
  checkModel(config);
  const loaded = await taskKinds[config.task.name].load(source, config);
  const { name, text, facts } = loaded;
  const { backend, notices } = await chooseBackend(config, loaded.shape, backends);
  const baselines = await loaded.baselines();

  return cleanUpOnError(async (onError) => {
    const task = loaded.create();
    onError(() => task.dispose());
    task.initialize();

    const folder = request.out ?? join(runsFolder(backends.home), newRunId(name, now));
    await createRunFolder(folder, files);
    const lock = await RunLock.acquire(folder, files);
    onError(() => files.remove(folder));
    onError(() => lock.release());
    const progress = new Progress({ config, baselines });
    const record: RunRecord = {
      version: 1,
      id: basename(folder),
      name,
      createdAt: now.toISOString(),
      state: 'running',
      config,
      source: await loaded.keepSource(folder, files),
      text,
      facts: [...facts],
      baselines,
      backend,
      comparison: request.comparison ?? null,
      lessonRun: request.lessonRun ?? null,
      parent: request.parent ?? null,
      versions: versions(),
      parameters: task.parameterCount,
      batchSize: loaded.batchSize,
      notices: [...notices, ...loaded.notices, ...modelNotices(task, config)],
      steps: config.training.steps,
      secondsLimit: config.training.seconds,
      progress: progress.recorded,
      message: null,
    };
    await writeRecord(folder, record, files);
    const checkpoints = new Checkpoints(folder, checkpointStateSchema, files);
    // A run that fails in its first steps can also be resumed.
    const state = progress.checkpointState(task.loop.state);
    await checkpoints.write({ step: 0, state, tensors: await task.loop.tensors() }, undefined);
    return { folder, files, lock, record, checkpoints, task, progress, keptModel: undefined };
  });
}

/**
 * Prepares a run to continue from its last checkpoint.
 * @throws RunLockedError while another process trains it
 * @throws Error if its files or its data are missing
 */
export async function prepareResume({ folder, changes, backends }: ResumeRequest, files: Files): Promise<PreparedRun> {
  const before = await readRecord(folder, files);
  return cleanUpOnError(async (onError) => {
    const lock = await RunLock.acquire(folder, files);
    onError(() => lock.release());
    await recoverTrainedModel(folder, files);
    const checkpoints = new Checkpoints(folder, checkpointStateSchema, files);
    const checkpoint = await checkpoints.readLatest();
    if (!checkpoint)
      throw new PhrasedError(phrase('The run {0} has no checkpoint to resume from. Start a new run.', folder));
    const loaded = await taskKinds[before.config.task.name].reload(folder, before);
    const elsewhere = changes.backend && { backend: changes.backend, threads: before.config.threads };
    const { backend, notices } = await (elsewhere
      ? chooseBackend(elsewhere, loaded.shape, backends)
      : reloadBackend(before.backend, backends));
    const task = loaded.create();
    onError(() => task.dispose());
    task.loop.restore(checkpoint.state.trainer, checkpoint.tensors);
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
    await writeRecord(folder, record, files);
    return {
      folder,
      files,
      lock,
      record,
      checkpoints,
      task,
      progress: new Progress(record, checkpoint.step, checkpoint.state),
      keptModel: checkpoint.keptModel,
    };
  });
}

/**
 * Runs `body`. If it throws, releases everything acquired so far, the latest first, and rethrows the error.
 * @param body calls its argument with a function that releases each resource
 */
async function cleanUpOnError<T>(
  body: (onError: (undo: () => void | Promise<void>) => void) => Promise<T>,
): Promise<T> {
  const undos: (() => void | Promise<void>)[] = [];
  try {
    return await body((undo) => undos.push(undo));
  } catch (error) {
    for (const undo of undos.reverse()) await undo();
    throw error;
  }
}

/** The first event of a run: its facts for the owner. */
export function startEvent({ folder, record, progress: { step } }: PreparedRun): StartEvent {
  const { id, config } = record;
  const { task } = config;
  const tokens = 'tokens' in task ? { tokens: task.tokens } : {};
  return { event: 'start', run: id, folder, task: task.name, ...tokens, step, ...runFacts.parse(record) };
}

/**
 * The configuration of a resumed run with the requested changes. The schedule keeps its original number of steps.
 */
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

/** Notices about limits of the model, and about fields that have no effect on it. */
function modelNotices({ stockObstacle }: TrainingTask, config: RunConfig): Text[] {
  return [
    ...(stockObstacle === undefined ? [] : [phrase('{0} Only Sequence Lab can open the saved model.', stockObstacle)]),
    ...ineffectiveFields(config).map(({ reason }) => phrase('{0}.', reason)),
  ];
}

/** Versions of the software that trains a run, for its record. */
function versions(): Record<string, string> {
  return { 'sequence-lab': packageJson.version, tensorflowjs: tf.version['tfjs-core'], node: process.versions.node };
}
