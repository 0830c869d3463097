import * as z from 'zod';
import { taskNames } from '../config/task.ts';
import { text } from '../phrases/phrase.ts';
import { probe } from './probes.ts';
import { repetition } from './replay.ts';
import { report } from './report.ts';
import { headline, learning } from './verdicts.ts';

/**
 * Reports of a run while it trains: the messages from the trainer to the host and, under their stable names
 * (`stableNames.ts`), the lines of `metrics.jsonl` and of `sequence-lab train --json`.
 *
 * JSON has no NaN or Infinity: a loss or norm that is not finite is written as null.
 */
const measured = z.number().nullable();

/**
 * One optimizer step. Losses are in the unit of the run's task. Only steps that another program logs lack numbers: those
 * that it did not measure.
 */
const stepEvent = z.object({
  event: z.literal('step'),
  step: z.int().positive(),
  /** Mean loss of the batch before the step. */
  loss: measured,
  /** Global L2 norm of the gradient before clipping. */
  gradientNorm: measured.optional(),
  /** Global L2 norm of the gradient after clipping. */
  clippedGradientNorm: measured.optional(),
  learningRate: z.number().optional(),
  /** Characters, words or sequences per second, depending on the task. */
  itemsPerSecond: z.number().optional(),
  /** Seconds of training so far, without pauses, including earlier parts of a resumed run. */
  seconds: z.number(),
});

/** A pass over the validation part. */
const validationEvent = z.object({
  event: z.literal('validation'),
  step: z.int().nonnegative(),
  /** Mean loss, in the unit of the run's task. */
  loss: measured,
  /** Characters, words or sequences scored. */
  n: z.int().positive().optional(),
  /** Scores other than the loss, from 0 to 1, such as the accuracy. */
  scores: z.record(z.string(), z.number()).optional(),
});

/** Text written by the model. */
const sampleEvent = z.object({
  event: z.literal('sample'),
  step: z.int().nonnegative(),
  prompt: z.string(),
  temperature: z.number(),
  text: z.string(),
});

/** A validation of a run: its step and its loss. */
export const scoredStep = z.object({ step: z.int().nonnegative(), loss: z.number() });

/**
 * What the validations so far say about learning, after each of them. Stored in `run.json`, not in `metrics.jsonl`.
 */
const learningEvent = z.object({
  event: z.literal('learning'),
  ...learning.shape,
  /** The validation with the lowest loss. */
  best: scoredStep.nullable(),
  /** The validation of the model that is kept in `model/`. */
  kept: scoredStep.nullable(),
});

export const metricEvent = z.discriminatedUnion('event', [stepEvent, validationEvent, sampleEvent]);

/** Mean validation losses of simple models, by name. Every trained model should be better. */
const baselines = z.record(z.string(), z.number());

/** The backend of a run and its device. */
export const backendInUse = z.object({
  name: z.string(),
  /** The GPU's name, or "CPU, N threads". */
  device: text,
  threads: z.int().positive(),
  /** Build of the WebAssembly kernels, such as `relaxed-wide`; absent if the backend has none. */
  simd: z.string().optional(),
  /** Reason for this backend: chosen by the user, or the times that `auto` measured. */
  reason: text,
  /** Milliseconds of a training step by backend and device, such as "wasm (CPU, 2 threads)". Only if `auto` chose. */
  milliseconds: z.record(z.string(), z.number()).optional(),
});

/** Counts about the text of a run. */
const textSummary = z.object({
  name: z.string(),
  characters: z.int(),
  trainCharacters: z.int(),
  validationCharacters: z.int(),
  vocabularySize: z.int(),
  /** Invalid byte sequences replaced by U+FFFD. */
  replaced: z.int(),
  /** Line ends normalized to \n. */
  crlf: z.int(),
  /** Tokens of the validation part that are not in the vocabulary. */
  unknownInValidation: z.int(),
  /** Numbers of documents in each part; absent if the data is one text. */
  documents: z.object({ train: z.int(), validation: z.int() }).optional(),
  /** Counts of words, punctuation marks and line breaks; absent if the tokens are characters. */
  words: z
    .object({
      trainTokens: z.int(),
      validationTokens: z.int(),
      /** Tokens of the training part that are not in the vocabulary. */
      unknownInTraining: z.int(),
    })
    .optional(),
});

/** Facts about a run that are known before its first step: part of the record, of the start event and of the view. */
export const runFacts = z.object({
  /** Name of the training data: of a file or document, or of the task that generates it. */
  name: z.string(),
  /** Null if the data is not a text. */
  text: textSummary.nullable(),
  /** Descriptions of the training data, such as "vocabulary of 66". */
  facts: z.array(text),
  baselines,
  backend: backendInUse,
  /** 0 if it is not known, of a run that another program logs. */
  parameters: z.int().nonnegative(),
  batchSize: z.int().positive(),
  /** Messages for the user, such as fewer streams than requested, or replaced bytes. */
  notices: z.array(text),
  /** Step after which training ends; a resume may raise it, while schedules stay bound to `config.training.steps`. */
  steps: z.int().positive(),
  /** Seconds after which training ends; 0 sets no limit. */
  secondsLimit: z.number().nonnegative(),
});

/** The run is ready to train. */
const startEvent = z.object({
  event: z.literal('start'),
  run: z.string(),
  folder: z.string(),
  task: z.enum(taskNames),
  /** Tokens of the texts of the task; absent if it has no choice. */
  tokens: z.enum(['character', 'word', 'subword']).optional(),
  /** Loss of the task; absent if it has no choice. */
  loss: z.enum(['squared', 'quantile']).optional(),
  /** Completed steps: 0 for a new run. */
  step: z.int().nonnegative(),
  ...runFacts.shape,
});

const endReason = z.enum(['completed', 'stopped', 'interrupted', 'diverged']);

/** The run has ended and everything is on disk. */
const endEvent = z.object({
  event: z.literal('end'),
  run: z.string(),
  reason: endReason,
  /** Mean training loss over the last steps, at most 100; of a model that is fitted, the loss of the last iteration. */
  trainLoss: measured,
  /** Validation loss of the model in `model/`. */
  validationLoss: measured,
  /** The lowest validation loss and its step; null without a validation. */
  bestValidationLoss: measured,
  bestStep: z.int().nonnegative().nullable(),
  /** The headline of the run; null if its losses give none and no probe has looked at a gradient. */
  verdict: headline.nullable(),
  /** Whether the last validation met the criterion of the task; null without a criterion or a validation. */
  solved: z.boolean().nullable(),
  steps: z.int().nonnegative(),
  seconds: z.number(),
  backend: z.string(),
  /** For a diverged run the step, the tensor and what to do; for a run that ended early, the reason. */
  message: text.optional(),
});

/** A probe of gradients and gates on the run's probe batch. Stored under `probes/`, not in `metrics.jsonl`. */
const probeEvent = z.object({ event: z.literal('probe'), probe });

/** Report of the task on the current model. The last one is stored as `report.json`, not in `metrics.jsonl`. */
const reportEvent = z.object({ event: z.literal('report'), report });

const checkpointEvent = z.object({ event: z.literal('checkpoint'), step: z.int().nonnegative() });

const pausedEvent = z.object({ event: z.literal('paused'), paused: z.boolean(), step: z.int().nonnegative() });

/**
 * Comparison with the run that is repeated: at the first difference, and at the end. Stored in `run.json`, not in
 * `metrics.jsonl`.
 */
const repetitionEvent = z.object({ event: z.literal('repetition'), ...repetition.shape });

/** GPU memory that the run has allocated, sent when it changes. Not stored in `metrics.jsonl`. */
const memoryEvent = z.object({
  event: z.literal('memory'),
  /** Bytes in use or kept for reuse. */
  deviceBytes: z.int().nonnegative(),
});

/** A message for the user about a run that continues. Stored among the notices of `run.json`. */
const noticeEvent = z.object({ event: z.literal('notice'), text });

export const runEvent = z.discriminatedUnion('event', [
  startEvent,
  stepEvent,
  validationEvent,
  learningEvent,
  sampleEvent,
  probeEvent,
  reportEvent,
  checkpointEvent,
  pausedEvent,
  memoryEvent,
  repetitionEvent,
  noticeEvent,
  endEvent,
]);

export type StepEvent = z.output<typeof stepEvent>;
export type ValidationEvent = z.output<typeof validationEvent>;
export type ScoredStep = z.output<typeof scoredStep>;
export type SampleEvent = z.output<typeof sampleEvent>;
export type MetricEvent = z.output<typeof metricEvent>;
export type Baselines = z.output<typeof baselines>;
export type BackendInUse = z.output<typeof backendInUse>;
export type RunFacts = z.output<typeof runFacts>;
export type StartEvent = z.output<typeof startEvent>;
export type EndEvent = z.output<typeof endEvent>;
export type EndReason = z.output<typeof endReason>;
export type RunEvent = z.output<typeof runEvent>;
