import { basename, join } from 'node:path';
import { ineffectiveFields } from '../config/applicability.ts';
import { rangeTestRates } from '../config/rangeTest.ts';
import type { RunConfig } from '../config/schema.ts';
import { checkModel } from '../config/tasks.ts';
import { exists, type Files } from '../platform/files.ts';
import { memoryLimit } from '../platform/system.ts';
import { runFacts, type StartEvent } from '../protocol/events.ts';
import type { BackendOptions, RepeatRequest, ResumeRequest, StartRequest } from '../protocol/trainer.ts';
import { type Checkpoint, Checkpoints } from '../runs/checkpoints.ts';
import { runsFolder } from '../runs/home.ts';
import { sweepTemporaryFiles } from '../runs/leftovers.ts';
import { RunLock } from '../runs/lock.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { type RunRecord, writeRecord } from '../runs/record.ts';
import { describeUnequal, partsOf, type RunPart, unequalFacts, withPart } from '../runs/runPart.ts';
import { checkRunFolder, createRunFolder, newRunId, removeUnprepared } from '../runs/runStore.ts';
import { DamagedRunError, isDamage, type Recorded } from '../runs/integrity.ts';
import type { TrainingTask } from '../training/trainingTask.ts';
import { chooseBackend, type ChosenBackend, reloadBackend } from './chooseBackend.ts';
import { type InitialModel, keepInitialModel, readInitialModel, storedInitialModel } from './initial/initialModel.ts';
import { checkMemory } from './memoryNeed.ts';
import { type CheckpointState, checkpointStateSchema, Progress } from './progress.ts';
import { RecordedRun } from './replay/recordedRun.ts';
import { RepetitionCheck } from './replay/repetitionCheck.ts';
import { taskKinds } from './tasks/registry.ts';
import type { NewTask } from './tasks/taskKind.ts';
import { partFrom, versions } from './thisPart.ts';
import { MODEL_FOLDER, recoverTrainedModel, type TrainedModelFiles } from './trainedModel.ts';
import { textOf, UnusableError } from '../phrases/causes.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

const FROM_THE_BEGINNING = phrase('The run ended before its first checkpoint, so it starts from the beginning.');

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
  /** Length and hash of the metrics at that checkpoint; undefined for a new run. */
  readonly metrics?: Recorded | undefined;
  /** Compares the run with the stored one that it repeats; undefined for other runs. */
  readonly check?: RepetitionCheck | undefined;
  /** The record of a resumed run before it was resumed; undefined for a new run. */
  readonly before?: RunRecord | undefined;
}

/**
 * Prepares a new run. Errors in the user's input are reported before anything is written.
 * @throws InputError, or an Error that tells the user what to do
 */
export async function prepareRun(request: StartRequest, now: Date, files: Files): Promise<PreparedRun> {
  const { config, source, backends } = request;
  checkModel(config);
  if (request.out !== undefined) await checkRunFolder(request.out, files);
  const initial = request.initial && (await readInitialModel(request.initial.folder, request.initial.extend, config));
  const loaded = await taskKinds[config.task.name].load(source, config, initial);
  const large = checkMemory(loaded.shape, memoryLimit());
  const chosen = await chooseBackend(config, loaded.shape, backends);
  const { steps, seconds } = config.training;
  return createRun({
    loaded,
    chosen: { ...chosen, notices: [...chosen.notices, ...large] },
    now,
    files,
    backends,
    folder: request.out,
    parts: [await partFrom(0, chosen.backend, config.training, backends)],
    facts: {
      config,
      comparison: request.comparison ?? null,
      lessonRun: request.lessonRun ?? null,
      parent: request.parent ?? null,
      sweep: request.sweep ?? null,
      initial: initial?.facts ?? null,
      repetition: null,
      steps: Math.min(request.until ?? steps, steps),
      secondsLimit: seconds,
    },
    initial,
  });
}

/**
 * Prepares a new run that repeats a stored one: from the same data, with the settings of each of its parts, on the
 * backend on which it began, to its last step.
 * @throws InputError that names the data that has changed
 * @throws RunLockedError while the stored run is being trained
 */
export async function prepareRepeat(
  { folder, out, backends }: RepeatRequest,
  now: Date,
  files: Files,
): Promise<PreparedRun> {
  const repeated = await RecordedRun.read(folder);
  const { record, steps } = repeated;
  if (record.state === 'imported') throw withoutTraining(folder);
  const { config, id } = record;
  const [first, ...others] = partsOf(record);
  const loaded = await taskKinds[config.task.name].repeat(folder, record);
  const { backend, notices } = await reloadBackend(first.backend, backends);
  const part = await partFrom(0, backend, first, backends);
  const unequal = describeUnequal(unequalFacts(first, part));
  const moved = others.find((other) => unequalFacts(first, other).length > 0);
  const check = new RepetitionCheck(repeated);
  return createRun({
    loaded,
    chosen: {
      backend,
      notices: [...notices, ...(unequal ? [unequal] : []), ...(moved ? [describeMoved(moved.from)] : [])],
    },
    now,
    files,
    backends,
    folder: out,
    parts: [part, ...others.map(({ from, learningRate, clipNorm }) => ({ ...part, from, learningRate, clipNorm }))],
    facts: {
      config,
      comparison: null,
      lessonRun: null,
      parent: { run: id, reason: 'repeat', changes: {} },
      sweep: null,
      initial: record.initial,
      repetition: check.result,
      // A run that diverged did so in the step after its last one.
      steps: repeated.diverged ? steps + 1 : steps,
      secondsLimit: 0,
    },
    initial: await storedInitialModel(folder, record),
    check,
  });
}

/** A new run before it is on disk. */
interface NewRun {
  readonly loaded: NewTask;
  readonly chosen: ChosenBackend;
  readonly now: Date;
  readonly files: Files;
  readonly backends: BackendOptions;
  /** Undefined for a new folder in the run store. */
  readonly folder: string | undefined;
  readonly parts: RunPart[];
  readonly facts: Pick<
    RunRecord,
    'config' | 'comparison' | 'lessonRun' | 'parent' | 'sweep' | 'initial' | 'repetition' | 'steps' | 'secondsLimit'
  >;
  /** The model that it begins with; undefined for random weights. */
  readonly initial: InitialModel | undefined;
  readonly check?: RepetitionCheck;
}

/** Creates the folder of a new run, with its record and a checkpoint. */
async function createRun(run: NewRun): Promise<PreparedRun> {
  const { loaded, chosen, now, files, backends, parts, facts, initial, check } = run;
  const { config } = facts;
  const { name } = loaded;
  const baselines = await loaded.baselines();
  return cleanUpOnError(async (onError) => {
    const task = loaded.create();
    onError(() => task.dispose());
    task.initialize();

    const folder = run.folder ?? join(runsFolder(backends.home), newRunId(name, now));
    await createRunFolder(folder, files);
    const lock = await RunLock.acquire(folder, files).catch(async (error: unknown) => {
      if ((await files.list(folder)).length === 0) await files.remove(folder);
      throw error;
    });
    onError(() => lock.release());
    await removeUnprepared(folder, files);
    onError(() => files.remove(folder));
    if (initial) await keepInitialModel(folder, initial, files);
    const progress = new Progress({ config, baselines });
    const record: RunRecord = {
      version: 1,
      id: basename(folder),
      name,
      createdAt: now.toISOString(),
      state: 'running',
      source: await loaded.keepSource(folder, files),
      text: loaded.text,
      facts: [...loaded.facts],
      baselines,
      backend: chosen.backend,
      versions: versions(),
      parts,
      parameters: task.parameterCount,
      batchSize: loaded.batchSize,
      notices: [...chosen.notices, ...loaded.notices, ...modelNotices(task, config)],
      progress: progress.recorded,
      message: null,
      ...facts,
    };
    await writeRecord(folder, record, files);
    const checkpoints = new Checkpoints(folder, checkpointStateSchema, files);
    await writeFirstCheckpoint(checkpoints, task, progress);
    return { folder, files, lock, record, checkpoints, task, progress, keptModel: undefined, check };
  });
}

function withoutTraining(folder: string): UnusableError {
  return new UnusableError(
    phrase(
      'The model of {0} was imported without its training. To train it further: sequence-lab train FILE --from {0}',
      folder,
    ),
  );
}

/** Writes the checkpoint before the first step, so that a run that fails in its first steps can also be resumed. */
async function writeFirstCheckpoint(
  checkpoints: PreparedRun['checkpoints'],
  task: TrainingTask,
  progress: Progress,
): Promise<void> {
  const state = progress.checkpointState(task.loop.state);
  await checkpoints.write({ step: 0, state, tensors: await task.loop.tensors() }, undefined);
}

/**
 * Prepares a run to continue from its last checkpoint, or from its beginning if it ended before it wrote one.
 * @throws RunLockedError while another process trains it
 * @throws Error if its files or its data are missing
 */
export async function prepareResume({ folder, changes, backends }: ResumeRequest, files: Files): Promise<PreparedRun> {
  const before = await readOwnRecord(folder, files);
  if (before.state === 'imported') throw withoutTraining(folder);
  refuseOtherRates(before, changes);
  return cleanUpOnError(async (onError) => {
    const lock = await RunLock.acquire(folder, files);
    onError(() => lock.release());
    await sweepTemporaryFiles(folder, files);
    await recoverTrainedModel(folder, files);
    const checkpoints = new Checkpoints(folder, checkpointStateSchema, files);
    const loaded = await taskKinds[before.config.task.name].reload(folder, before);
    const large = checkMemory(loaded.shape, memoryLimit());
    const elsewhere = changes.backend && { backend: changes.backend, threads: before.config.threads };
    const { backend, notices } = await (elsewhere
      ? chooseBackend(elsewhere, loaded.shape, backends)
      : reloadBackend(before.backend, backends));
    const task = loaded.create();
    onError(() => task.dispose());
    const restored = await restoreLatest(folder, checkpoints, task);
    // A run that has trained has a model, which a new beginning would replace by less.
    if (!restored && (before.progress.step > 0 || (await exists(join(folder, MODEL_FOLDER)))))
      throw noCheckpoint(folder);
    if (!restored) task.initialize();
    const checkpoint = restored?.checkpoint;
    const left = restored?.notices ?? [FROM_THE_BEGINNING];
    const config = changedConfig(before.config, changes);
    const step = checkpoint?.step ?? 0;
    const part = await partFrom(step, backend, config.training, backends);
    const record: RunRecord = {
      ...before,
      config,
      backend,
      parts: withPart(before, part),
      state: 'running',
      message: null,
      notices: [...new Set([...before.notices, ...notices, ...large, ...left])],
      steps: changes.steps ?? before.steps,
      secondsLimit: changes.seconds ?? before.secondsLimit,
    };
    // A second failure leaves a run that is listed as interrupted.
    onError(async () => writeRecord(folder, before, files).catch(() => undefined));
    await writeRecord(folder, record, files);
    const progress = new Progress(record, step, checkpoint?.state);
    if (!checkpoint) await writeFirstCheckpoint(checkpoints, task, progress);
    return {
      folder,
      files,
      lock,
      record,
      checkpoints,
      task,
      progress,
      keptModel: checkpoint?.keptModel,
      metrics: checkpoint?.metrics,
      before,
    };
  });
}

/**
 * Refuses to resume a range test with settings under which its curve would not be that of its rates.
 * @throws UnusableError
 */
function refuseOtherRates({ id, config }: RunRecord, changes: ResumeRequest['changes']): void {
  const test = rangeTestRates(config);
  if (!test) return;
  const { learningRate, clipNorm, seconds, steps = 0 } = changes;
  if ([learningRate, clipNorm, seconds].every((change) => change === undefined) && steps <= test.steps) return;
  throw new UnusableError(
    phrase(
      'The run {0} is a learning rate range test, which is resumed without changes and ends with step {1}. Start a new range test for other rates, steps or settings.',
      id,
      test.steps,
    ),
  );
}

/**
 * Restores the newest whole checkpoint whose weights are finite.
 * @returns it, and a notice about newer ones that are damaged; undefined if there is no checkpoint
 * @throws DamagedRunError if none is whole
 */
export async function restoreLatest(
  folder: string,
  checkpoints: PreparedRun['checkpoints'],
  task: TrainingTask,
): Promise<{ readonly checkpoint: Checkpoint<CheckpointState>; readonly notices: Text[] } | undefined> {
  const left: Text[] = [];
  const checkpoint = await checkpoints.readLatest(
    async ({ step, state, tensors }) => {
      try {
        task.loop.restore(state.trainer, tensors);
        await task.loop.checkWeights?.();
      } catch (error) {
        if (!isDamage(error)) throw error;
        throw new DamagedRunError(
          phrase('The checkpoint of step {0} of the run {1} is damaged: {2}', step, folder, textOf(error)),
          { cause: error },
        );
      }
    },
    (reason) => left.push(reason),
  );
  if (!checkpoint) return undefined;
  return {
    checkpoint,
    notices: left.map((reason) =>
      phrase('{0} It is kept with the ending .damaged; the checkpoint of step {1} is used.', reason, checkpoint.step),
    ),
  };
}

export function noCheckpoint(folder: string): UnusableError {
  return new UnusableError(phrase('The run {0} has no checkpoint to resume from. Start a new run.', folder));
}

/**
 * Runs `body`. If it throws, releases everything acquired so far, the latest first, and rethrows the error.
 * @param body calls its argument with a function that releases each resource
 */
export async function cleanUpOnError<T>(
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
  const loss = 'loss' in task ? { loss: task.loss } : {};
  return { event: 'start', run: id, folder, task: task.name, ...tokens, ...loss, step, ...runFacts.parse(record) };
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
    ...(stockObstacle === undefined ? [] : [savedModelNotice(stockObstacle, config)]),
    ...ineffectiveFields(config).map(({ reason }) => phrase('{0}.', reason)),
  ];
}

/** Families without recurrent layers are not exported for TensorFlow.js. */
function savedModelNotice(obstacle: Text, { model }: RunConfig): Text {
  return model.family === 'recurrent'
    ? phrase('{0} Export the model for TensorFlow.js to open it there.', obstacle)
    : phrase('{0} Only Sequence Lab can open the saved model.', obstacle);
}

/** Says that a run went on elsewhere, so that equal numbers can be expected up to there only. */
function describeMoved(step: number): Text {
  return phrase(
    'The run was resumed after step {0} on another backend or version. Equal numbers can be expected up to there.',
    step,
  );
}
