import * as z from 'zod';
import { drawingFields } from '../config/drawing.ts';
import { PORTABLE_FORMATS } from '../config/portableFormats.ts';
import { runParent, sweepTrial } from '../config/runParent.ts';
import { runConfigSchema } from '../config/schema.ts';
import { backendOptions, type BackendOptions } from './backendOptions.ts';
import { dataInspection, inspectDataRequest } from './dataInspection.ts';
import { exportedModel } from './exportedPage.ts';
import { checkpointReadings, readingOptions, weightDifference } from './difference.ts';
import { runEvent, type RunEvent } from './events.ts';
import { generatedText, generationRequest } from './generation.ts';
import { importedModel, recognition, recognizeRequest } from './importModel.ts';
import { initialRequest } from './initialWeights.ts';
import { inspectorContract } from './inspector.ts';
import { hmmLessonContract } from './lessons/hmm.ts';
import { constructionLessonContract } from './lessons/construction.ts';
import { paddingLessonContract } from './lessons/padding.ts';
import { textLessonContract } from './lessons/texts.ts';
import { untrainedContract } from './lessons/untrained.ts';
import type { Functions, Remote } from './rpc.ts';
import { runSource, textSource } from '../config/textSource.ts';
import { text } from '../phrases/phrase.ts';

/** The boundary between the owner of a trainer (extension host, command line) and the worker thread that trains. */

/** Folder to write TensorBoard events to, in a folder of the run's id; empty: in the run's folder; omitted: none. */
const eventsFolder = z.string().optional();

const startRequest = z.object({
  config: runConfigSchema,
  source: runSource,
  backends: backendOptions,
  /** Folder of the new run. The run store chooses one when omitted. */
  out: z.string().optional(),
  /** Names the comparison that the run is a part of. */
  comparison: z.string().optional(),
  /** Key of the run in the lesson that trains it. */
  lessonRun: z.string().optional(),
  /** The run that it is started from. */
  parent: runParent.optional(),
  /** The sweep that it is a trial of. */
  sweep: sweepTrial.optional(),
  /** Step after which it ends, before `training.steps`, which its schedule keeps. A resume raises it. */
  until: z.int().positive().optional(),
  /** The run whose model it begins with; omitted: random weights. */
  initial: initialRequest.optional(),
  tensorboard: eventsFolder,
});

const repeatRequest = z.object({
  /** Folder of the run to repeat from its first step. */
  folder: z.string(),
  backends: backendOptions,
  /** Folder of the new run. The run store chooses one when omitted. */
  out: z.string().optional(),
  tensorboard: eventsFolder,
});

/** Settings that a resumed run may change. Steps and seconds are totals from the first step of the run. */
export const resumeChanges = z.object({
  steps: z.int().positive().optional(),
  seconds: z.number().nonnegative().optional(),
  learningRate: z.number().positive().optional(),
  clipNorm: z.number().positive().optional(),
  /** Backend to resume on. Unchanged when omitted. */
  backend: runConfigSchema.shape.backend.unwrap().optional(),
});

const resumeRequest = z.object({
  folder: z.string(),
  changes: resumeChanges,
  backends: backendOptions,
  tensorboard: eventsFolder,
});

const generateRequest = z.object({
  folder: z.string(),
  ...generationRequest.shape,
  /** Without the bounds of the panel: a text before the cursor may be long. */
  prompt: z.string(),
  length: z.int().positive(),
  /** Width of a beam search, whose texts are then the result in place of drawn ones; 1: no beam search. */
  beam: generationRequest.shape.beam,
  /** Whether the result has the tokens with their probabilities. */
  describe: z.boolean(),
  backends: backendOptions,
});

const evaluateRequest = z.object({
  folder: z.string(),
  /** File or folder to score. */
  path: z.string(),
  /** Columns of a table, by name or number; detected if omitted. */
  text: z.string().optional(),
  label: z.string().optional(),
  backends: backendOptions,
});

/** Scores of a model on data that it was not trained on. */
const evaluation = z.object({
  /** The task, the number of scored items, and each measure by its name. */
  measures: z.record(z.string(), z.unknown()),
  /** The measures as a sentence for the user. */
  summary: text,
  /** Items that were not scored, and the reasons. */
  skipped: z.array(z.object({ where: text, reason: text })),
});

const openRequest = z.object({ folder: z.string(), backends: backendOptions });

const restoreRequest = z.object({ folder: z.string(), backends: backendOptions });

/** Run whose model a page shows, and whether the page runs the model, too. */
const passageArraysRequest = z.object({ folder: z.string(), backends: backendOptions });

const importRequest = z.object({
  ...recognizeRequest.shape,
  /** File with the tokens by id; of a model that reads tokens and was not exported by this product. */
  vocabulary: z.string().optional(),
  /** File with the tokens that a decoder writes; one next to the weights if omitted. */
  targetVocabulary: z.string().optional(),
  /** Names of the classes or tags by output; numbers if omitted. */
  labels: z.array(z.string()).optional(),
  /** Columns that a forecaster reads, and those that it forecasts; numbers if omitted. */
  columns: z.array(z.string()).optional(),
  targets: z.array(z.string()).optional(),
  /** Steps that a forecaster reads. */
  window: z.int().positive().optional(),
  backends: backendOptions,
});

/** Run whose model is written into a folder for another program. */
const portableRequest = z.object({
  folder: z.string(),
  format: z.enum(PORTABLE_FORMATS),
  /** Folder to write. */
  out: z.string(),
  /** The folder `media`, with the programs that open the formats. */
  programs: z.string(),
  /** Whether files in a folder that is not empty are replaced. */
  replace: z.boolean(),
  backends: backendOptions,
});

/** A file of data, and the most characters of its text. */
const storedTextRequest = z.object({ source: textSource, most: z.int().positive() });

const exportModelRequest = z.object({ folder: z.string(), live: z.boolean(), backends: backendOptions });

const sampling = z.object({ temperature: drawingFields.temperature, prompt: z.string() });

const backendReport = z.object({
  name: z.string(),
  loads: z.boolean(),
  /** Reason why the backend does not load. */
  reason: text.optional(),
  device: text.optional(),
  threads: z.int().positive().optional(),
  version: z.string().optional(),
});

/** A stored checkpoint of a run, by the folder of the run. */
const storedCheckpoint = z.object({ folder: z.string(), step: z.int().nonnegative() });

const readingsRequest = z.object({
  checkpoints: z.tuple([storedCheckpoint, storedCheckpoint]),
  options: readingOptions,
  backends: backendOptions,
});

/** Functions that the trainer serves. */
export const trainerContract = {
  /** Prepares a new run and starts it; resolves with its id and folder when it is ready to train. */
  start: { args: z.tuple([startRequest]), result: z.object({ run: z.string(), folder: z.string() }) },
  /** Repeats a stored run as a new one, from the same data on the same backend, and compares each step with it. */
  repeat: { args: z.tuple([repeatRequest]), result: z.object({ run: z.string(), folder: z.string() }) },
  /** Resumes a run from its last checkpoint. */
  resume: { args: z.tuple([resumeRequest]), result: z.object({ run: z.string(), folder: z.string() }) },
  /** Pauses the run after the current step; resolves at once. */
  pause: { args: z.tuple([]), result: z.void() },
  /** Continues a paused run; resolves at once. */
  unpause: { args: z.tuple([]), result: z.void() },
  /** Ends the run after the current step, with a checkpoint; resolves at once, `end` follows as an event. */
  stop: { args: z.tuple([]), result: z.void() },
  /** Ends the run like `stop`, because the window of its owner closes; its state is then `interrupted`. */
  interrupt: { args: z.tuple([]), result: z.void() },
  /** Sets temperature and prompt of future samples, and writes one now. */
  sample: { args: z.tuple([sampling]), result: z.void() },
  /** Writes texts with a stored model, and sends the pieces of a single drawn text as `generated`. */
  generate: { args: z.tuple([generateRequest]), result: z.array(generatedText) },
  /** Scores a file or folder under the saved model of a run. */
  evaluate: { args: z.tuple([evaluateRequest]), result: evaluation },
  /** Ends a generation early; `generate` resolves with what was written so far. */
  cancelGeneration: { args: z.tuple([]), result: z.void() },
  /** Opens a stored run for queries, in a trainer that trains no run. */
  openRun: { args: z.tuple([openRequest]), result: z.void() },
  ...inspectorContract,
  /** Inspects a data set, read as in training. */
  inspectData: { args: z.tuple([inspectDataRequest]), result: dataInspection },
  /** The text that a file of data holds, unpacked; of a table that is not text, its rows as CSV. Null for a longer one. */
  storedText: { args: z.tuple([storedTextRequest]), result: z.string().nullable() },
  ...textLessonContract,
  ...hmmLessonContract,
  ...paddingLessonContract,
  ...constructionLessonContract,
  ...untrainedContract,
  /** Change of the weights from one checkpoint to another one. */
  compareWeights: { args: z.tuple([z.tuple([storedCheckpoint, storedCheckpoint])]), result: weightDifference },
  /** Lets two checkpoints read one passage and write, each on the backend of its run. */
  compareReadings: { args: z.tuple([readingsRequest]), result: checkpointReadings },
  /** Restores the saved model of a run from its newest whole checkpoint, if it is damaged or missing. */
  restoreModel: { args: z.tuple([restoreRequest]), result: text },
  /** Gates and states of a run on the end of its validation text, as the bytes of a file for NumPy. */
  passageArrays: { args: z.tuple([passageArraysRequest]), result: z.instanceof(Uint8Array) },
  /** The structure of a model of another program, before it is imported. */
  recognizeModel: { args: z.tuple([recognizeRequest]), result: recognition },
  /** Imports a model of another program as a run in the run store. */
  importModel: { args: z.tuple([importRequest]), result: importedModel },
  /** Writes the model of a stored run for another program. Returns the names of the files. */
  exportPortable: { args: z.tuple([portableRequest]), result: z.array(z.string()) },
  /** What a page shows of the model of a stored run. */
  exportModel: { args: z.tuple([exportModelRequest]), result: exportedModel },
  /** Tries every backend. */
  listBackends: { args: z.tuple([backendOptions]), result: z.array(backendReport) },
} as const;

/** Functions that the owner serves. */
export const ownerContract = {
  /** Events since the last message, oldest first. */
  events: { args: z.tuple([z.array(runEvent)]) },
  /** The run has failed and sends no more events. Invalid input rejects `start` instead. */
  failed: { args: z.tuple([z.object({ message: text })]) },
  /** The next piece of a generated text. */
  generated: { args: z.tuple([z.string()]) },
  /** The fraction of an inspection that is done. */
  inspected: { args: z.tuple([z.number().min(0).max(1)]) },
} as const;

export type RunSource = z.output<typeof runSource>;
export type StartRequest = z.output<typeof startRequest>;
export type RepeatRequest = z.output<typeof repeatRequest>;
export type ResumeRequest = z.output<typeof resumeRequest>;
export type ResumeChanges = z.output<typeof resumeChanges>;
export type GenerateRequest = z.output<typeof generateRequest>;
export type ReadingsRequest = z.output<typeof readingsRequest>;
export type StoredCheckpoint = z.output<typeof storedCheckpoint>;
export type PassageArraysRequest = z.output<typeof passageArraysRequest>;
export type PortableRequest = z.output<typeof portableRequest>;
export type ExportModelRequest = z.output<typeof exportModelRequest>;
export type { BackendOptions };
export type BackendReport = z.output<typeof backendReport>;
export type Sampling = z.output<typeof sampling>;
export type TrainerFunctions = Functions<typeof trainerContract>;
export type RemoteTrainer = Remote<typeof trainerContract>;
export type OwnerFunctions = Functions<typeof ownerContract>;
export type { RunEvent };
