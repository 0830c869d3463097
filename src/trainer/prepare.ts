import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import type { RunConfig } from '../config/schema.ts';
import { fitBaselines } from '../data/baselines.ts';
import type { Corpus } from '../data/corpus.ts';
import { StreamBatcher } from '../data/streamBatcher.ts';
import type { TokenSequence } from '../data/tokenSequence.ts';
import { LanguageModel } from '../models/languageModel.ts';
import type { StartEvent } from '../protocol/events.ts';
import type { ResumeRequest, StartRequest } from '../protocol/trainer.ts';
import { Generator } from '../random/generator.ts';
import { Checkpoints } from '../runs/checkpoints.ts';
import { runsFolder } from '../runs/home.ts';
import { RunLock } from '../runs/lock.ts';
import { readRecord, type RunRecord, writeRecord } from '../runs/record.ts';
import { createRunFolder, newRunId } from '../runs/runStore.ts';
import { LanguageModelTrainer, trainerStateSchema } from '../training/languageModelTrainer.ts';
import { chooseBackend, reloadBackend } from './chooseBackend.ts';
import { keepSnapshot, loadText, reloadText, runName } from './runText.ts';
import { recoverTrainedModel, type TrainedModel } from './trainedModel.ts';
import { versions } from './versions.ts';

/** What a checkpoint holds besides tensors. */
export const checkpointStateSchema = z.object({
  trainer: trainerStateSchema,
  seconds: z.number().nonnegative(),
  /** The training losses that the end event averages. */
  recentLosses: z.array(z.number()),
  valLoss: z.number().nullable(),
  best: z.object({ step: z.int().nonnegative(), loss: z.number() }).nullable(),
});

export type CheckpointState = z.output<typeof checkpointStateSchema>;
export type RunCheckpoints = Checkpoints<typeof checkpointStateSchema>;

/** A run with all it needs to train: on disk, in memory and on the backend. */
export interface PreparedRun {
  readonly folder: string;
  readonly lock: RunLock;
  readonly record: RunRecord;
  readonly checkpoints: RunCheckpoints;
  readonly trained: TrainedModel;
  readonly trainer: LanguageModelTrainer;
  /** The characters that validation scores. */
  readonly validation: TokenSequence;
  /** Where the run goes on from. */
  readonly step: number;
  readonly state: CheckpointState;
}

const FRESH: Omit<CheckpointState, 'trainer'> = { seconds: 0, recentLosses: [], valLoss: null, best: null };

/**
 * Prepares a new run. What can go wrong with the user's input goes wrong before anything is written.
 * @throws InputError, or an Error that says what the user can do
 */
export async function prepareRun(request: StartRequest, now: Date): Promise<PreparedRun> {
  const { config, source, backends } = request;
  const corpus = await loadText(source, config);
  const validation = validationPart(corpus, config);
  const batcher = trainingBatches(corpus, config);
  const shape = { model: config.model, vocabularySize: corpus.vocabulary.size, timeSteps: batcher.timeSteps, batchSize: batcher.batchSize };
  const { backend, notices } = await chooseBackend(config, shape, backends);
  const baselines = await (await fitBaselines(corpus.train, corpus.vocabulary.size)).score(validation);

  const model = newModel(corpus, config);
  model.initialize(Generator.forPurpose(config.seed, 'weights'), config.model);
  const trainer = new LanguageModelTrainer(model, batcher, config.training);

  const name = runName(source);
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
      source: {
        path: source.kind === 'file' ? source.path : null,
        sha256: corpus.report.sha256,
        snapshot: await keepSnapshot(folder, source),
      },
      text: summary(name, corpus),
      baselines,
      backend,
      comparison: request.comparison ?? null,
      versions: versions(),
      parameters: model.parameterCount,
      batchSize: batcher.batchSize,
      notices: [...notices, ...textNotices(corpus, batcher, config), ...modelNotices(model, config)],
      steps: config.training.steps,
      seconds: config.training.seconds,
      progress: { step: 0, seconds: 0, trainLoss: null, valLoss: null, best: null },
      message: null,
    };
    await writeRecord(folder, record);
    const trained = { model, vocabulary: corpus.vocabulary };
    const checkpoints = new Checkpoints(folder, checkpointStateSchema);
    const state = { ...FRESH, trainer: trainer.state };
    // Even a run that dies in its first steps can be resumed.
    await checkpoints.write({ step: 0, state, tensors: await trainer.tensors() }, undefined);
    return { folder, lock, record, checkpoints, trained, trainer, validation, step: 0, state };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Prepares a run to go on from its last checkpoint.
 * @throws RunLockedError while another process trains it; Error when its files or its text are no longer there
 */
export async function prepareResume({ folder, changes, backends }: ResumeRequest): Promise<PreparedRun> {
  const before = await readRecord(folder);
  const lock = await RunLock.acquire(folder);
  try {
    await recoverTrainedModel(folder);
    const checkpoints = new Checkpoints(folder, checkpointStateSchema);
    const checkpoint = await checkpoints.readLatest();
    if (!checkpoint) throw new Error(`The run ${folder} has no checkpoint to go on from; start a new run.`);
    const corpus = await reloadText(folder, before);
    const { backend, notices } = await reloadBackend(before.backend, backends);
    const config = changedConfig(before.config, changes);
    const model = newModel(corpus, config);
    const trainer = new LanguageModelTrainer(model, trainingBatches(corpus, config), config.training);
    trainer.restore(checkpoint.state.trainer, checkpoint.tensors);
    const record: RunRecord = {
      ...before,
      config,
      backend,
      state: 'running',
      message: null,
      notices: [...new Set([...before.notices, ...notices])],
      steps: changes.steps ?? before.steps,
      seconds: changes.seconds ?? before.seconds,
    };
    await writeRecord(folder, record);
    return {
      folder,
      lock,
      record,
      checkpoints,
      trained: { model, vocabulary: corpus.vocabulary },
      trainer,
      validation: validationPart(corpus, config),
      step: checkpoint.step,
      state: checkpoint.state,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The event that tells the owner what was prepared. */
export function startEvent({ folder, record, step }: PreparedRun): StartEvent {
  const { id, steps, seconds, parameters, batchSize, text, baselines, backend, notices } = record;
  return { event: 'start', run: id, folder, step, steps, seconds, parameters, batchSize, text, baselines, backend, notices };
}

function newModel(corpus: Corpus, { model, seed }: RunConfig): LanguageModel {
  return new LanguageModel({ ...model, vocabularySize: corpus.vocabulary.size }, Generator.forPurpose(seed, 'dropout'));
}

function trainingBatches(corpus: Corpus, { training, data }: RunConfig): StreamBatcher {
  return new StreamBatcher(corpus.train, { batchSize: training.batchSize, timeSteps: data.sequenceLength });
}

function validationPart({ validation }: Corpus, { data }: RunConfig): TokenSequence {
  return data.validationLimit > 1 ? validation.view(0, Math.min(validation.length, data.validationLimit)) : validation;
}

/** A resumed run may train longer and with other rates; its schedule stays bound to the steps it was made for. */
function changedConfig(config: RunConfig, { learningRate, clipNorm }: ResumeRequest['changes']): RunConfig {
  const { training } = config;
  return {
    ...config,
    training: {
      ...training,
      learningRate: learningRate ?? training.learningRate,
      clipNorm: clipNorm ?? training.clipNorm,
    },
  };
}

function summary(name: string, { report, vocabulary }: Corpus): RunRecord['text'] {
  const { characters, trainCharacters, validationCharacters, replaced, crlf, unknownInValidation } = report;
  return {
    name,
    characters,
    trainCharacters,
    validationCharacters,
    vocabularySize: vocabulary.size,
    replaced,
    crlf,
    unknownInValidation,
  };
}

/** What was done to the user's text or wishes, in words. */
function textNotices({ report }: Corpus, batcher: StreamBatcher, { training }: RunConfig): string[] {
  const notices: string[] = [];
  if (report.replaced > 0) {
    notices.push(`${report.replaced} invalid ${report.encoding.toUpperCase()} sequences were replaced by U+FFFD.`);
  }
  if (batcher.batchSize < training.batchSize) {
    notices.push(
      `The text is short: ${batcher.batchSize} streams are trained side by side in place of ${training.batchSize}.`,
    );
  }
  return notices;
}

/** What the user should know of the model. */
function modelNotices({ stockObstacle }: LanguageModel, { model }: RunConfig): string[] {
  const notices = stockObstacle === undefined ? [] : [`${stockObstacle} The saved model opens in Sequence Lab only.`];
  if (model.dropout > 0 && model.layers === 1) notices.push('Dropout acts between recurrent layers: with one layer nothing is dropped.');
  return notices;
}
