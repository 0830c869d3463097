import * as z from 'zod';
import { text } from '../phrases/phrase.ts';
import { runConfigSchema } from '../config/schema.ts';
import { rankedGroup, timedCurve } from './comparison.ts';
import { activationMapFields, inspection } from './inspection.ts';
import { seriesName } from './metrics.ts';
import { runProgress, runView, sampleView } from './panel.ts';
import { probe } from './probes.ts';
import { report } from './report.ts';
import { textAnswer } from './textAnswer.ts';
import { direction } from './verdicts.ts';
import { activationName } from './probes.ts';
import { runColor } from './runColor.ts';

/** The data in a page that was exported: one run, or several side by side. The page reads it from its own document. */

/** A setting that has an effect in the run. */
const shownSetting = z.object({
  /** Dotted path in a configuration, such as `training.learningRate`. */
  path: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  /** The default of the run's task. */
  standard: z.union([z.string(), z.number(), z.boolean()]),
  description: text,
});

/** A probe without what the page does not draw. */
const pageProbe = probe.pick({
  step: true,
  start: true,
  timeSteps: true,
  batch: true,
  verdict: true,
  verdicts: true,
  facts: true,
  flow: true,
});

/** Values of one gate or state over the passage, with the bytes in base64. */
const passageMap = z.object({
  ...activationMapFields.pick({ units: true, timeSteps: true, low: true, high: true }).shape,
  layer: z.string(),
  direction,
  activation: activationName,
  /** `[units, timeSteps]`, one byte each. */
  values: z.string(),
  /** The same with 1 for each value that is not finite; null if all are finite. */
  holes: z.string().nullable(),
});

/** A passage of the validation part that the model has read, from a state of zeros. */
const readPassage = z.object({
  state: z.literal('read'),
  tokenKind: z.enum(['character', 'word', 'subword']),
  inspection,
  maps: z.array(passageMap),
  /** The class of the passage, or the labels of its words; null for a model that has none. */
  answer: textAnswer.nullable(),
});

/** A passage of the validation part that a model has answered to, whose gates are not shown. */
const answeredPassage = z.object({
  state: z.literal('answered'),
  text: z.string(),
  answer: textAnswer,
  /** Optimizer steps of the model. */
  step: z.int().nonnegative(),
  /** Why there are no gates. */
  reason: text,
});

/** The passage, or why there is none. */
const passage = z.discriminatedUnion('state', [
  readPassage,
  answeredPassage,
  z.object({ state: z.literal('unread'), reason: text }),
]);

/** How to repeat a run. */
const reproduction = z.object({
  /** The command, for a shell. */
  command: z.string(),
  /** Name and content of the configuration file of the command. */
  configName: z.string(),
  config: z.string(),
  /** Name of the training data; null if the task generates it. */
  data: z.string().nullable(),
  /** SHA-256 of the bytes read, hexadecimal; null if the task generates its data. */
  sha256: z.string().nullable(),
  versions: z.record(z.string(), z.string()),
});

const exportedRun = z.object({
  view: runView,
  progress: runProgress,
  createdAt: z.iso.datetime(),
  config: runConfigSchema,
  settings: z.array(shownSetting),
  /** Decimated curves with the seconds of training at each point. */
  curves: z.partialRecord(seriesName, timedCurve),
  samples: z.array(sampleView),
  report: report.nullable(),
  /** What the user wrote about the run, in Markdown; empty without a note. */
  note: z.string(),
  color: runColor,
  probes: z.array(pageProbe),
  /** Number of probes that the run has; the page has at most that many. */
  probesTaken: z.int().nonnegative(),
  passage,
  reproduction,
});

/** The model of a run with what it needs to read and write texts. */
export const liveModel = z.object({
  /** Id of its run. */
  run: z.string(),
  /** Optimizer steps that the model has taken. */
  step: z.int().nonnegative(),
  config: runConfigSchema,
  /** Content of each file of the run's folder `model`, in base64. */
  files: z.record(z.string(), z.string()),
  /** The WebAssembly kernels, in base64. */
  kernels: z.string(),
});

/** What a page shows of the model of a run. */
export const exportedModel = z.object({ passage, live: liveModel.omit({ kernels: true }).nullable() });

export const exportedPage = z.object({
  version: z.literal(1),
  exportedAt: z.iso.datetime(),
  /** Version of Sequence Lab that has written the page. */
  product: z.string(),
  runs: z.array(exportedRun).min(1),
  /** Ranking of the runs by their losses; empty for one run. */
  ranking: z.array(rankedGroup),
});

export type ExportedPage = z.output<typeof exportedPage>;
export type ExportedRun = z.output<typeof exportedRun>;
export type PageProbe = z.output<typeof pageProbe>;
export type Passage = z.output<typeof passage>;
export type AnsweredPassage = z.output<typeof answeredPassage>;
export type ReadPassage = z.output<typeof readPassage>;
export type PassageMap = z.output<typeof passageMap>;
export type ShownSetting = z.output<typeof shownSetting>;
export type Reproduction = z.output<typeof reproduction>;
export type ExportedModel = z.output<typeof exportedModel>;
export type LiveModel = z.output<typeof liveModel>;
