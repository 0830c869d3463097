import * as z from 'zod';
import { drawingFields } from '../config/drawing.ts';
import { modelSchema } from '../config/schema.ts';
import { taskNames } from '../config/task.ts';
import { applicable, tabName } from './applicable.ts';
import { runFacts, scoredStep } from './events.ts';
import { comparedIds, comparisonContract, comparisonHostContract } from './comparison.ts';
import { differenceHostContract } from './difference.ts';
import { generateTabContract, generateTabHostContract } from './generateTab.ts';
import { gradientsTabContract, gradientsTabHostContract } from './gradientsTab.ts';
import { runUnits, seriesName } from './metrics.ts';
import { openTextContract, openTextHostContract } from './openText.ts';
import { report } from './report.ts';
import type { Functions, Remote } from './rpc.ts';
import { startedFromContract, startedFromHostContract } from './startedFrom.ts';
import { learning } from './verdicts.ts';
import { waits } from './waits.ts';

/** The boundary between the extension host and the panel "Sequence Lab". */

/** State of a run. */
export const runState = z.enum([
  /** In the queue: other runs train first. */
  'waiting',
  'starting',
  'running',
  'paused',
  'completed',
  'stopped',
  'diverged',
  /** The trainer died or failed; the run can be resumed from its last checkpoint. */
  'failed',
  /** The window was closed, or the process that trained the run has ended without a word. */
  'interrupted',
  /** A model of another program, without its training. */
  'imported',
]);

/** Everything about a run that does not change from step to step. Sent whole when it changes. */
export const runView = z.object({
  ...runFacts.shape,
  /** Null before the run has started. */
  backend: runFacts.shape.backend.nullable(),
  /** Null before the run has started. */
  baselines: runFacts.shape.baselines.nullable(),
  /** 0 before the run has started. */
  parameters: z.int().nonnegative(),
  id: z.string(),
  state: runState,
  /** The place in the queue; undefined unless the run waits. */
  waits: waits.optional(),
  /** True while another process trains the run, which this window cannot pause or stop. */
  elsewhere: z.boolean().optional(),
  /** What a run that another program trains and logs has; absent for our own runs. */
  logged: z
    .object({
      /** Whether the number of steps is planned. */
      planned: z.boolean(),
    })
    .optional(),
  /** Time steps of truncated backpropagation. */
  truncation: z.int().positive(),
  /** Steps between two probes of gradients and gates; 0 takes none. */
  probeEvery: z.int().nonnegative(),
  /** Steps between two validations. */
  validateEvery: z.int().positive(),
  units: runUnits,
  /** The tabs and the figures that the run has. */
  applies: applicable,
  /** Definition, source and criterion of a task that generates its data; null for other tasks. */
  about: z.string().nullable(),
  /** Whether the model writes samples. */
  writes: z.boolean(),
  /** What the run is and how it differs from all other runs, such as "GRU 1x100 · lr 0.002". */
  label: z.string(),
  /** The label with the name of the data, such as "GRU 1x100 · ferry.txt · lr 0.002". */
  title: z.string(),
  /** Model and training on one line, such as "LSTM 1x100, one-hot, T=50, B=16, seed 1". */
  summary: z.string(),
  /** Task and model of the configuration, for a picture of the layers. */
  network: z.object({ task: z.object({ name: z.enum(taskNames) }), model: modelSchema }),
  /** Description of the model for a monospaced font: layers, parameters, unrolled over time. */
  model: z.string(),
  /** Reason for the end of the run, if it did not complete. */
  message: z.string().nullable(),
  sampling: z.object({ ...drawingFields, prompt: z.string() }),
});

/**
 * Latest value of each measured metric at full resolution. A metric that was not measured yet is absent; a value that
 * is not finite is null.
 */
const latestValues = z.partialRecord(seriesName, z.number().nullable());

/** Progress of a run: everything that may change at every step, except its curves. */
export const runProgress = z.object({
  /** Last completed step. */
  step: z.int().nonnegative(),
  /** Seconds of training so far. */
  seconds: z.number().nonnegative(),
  /** Estimated seconds until the run ends; null while it is unknown or the run is not running. */
  secondsLeft: z.number().nonnegative().nullable(),
  /** Bytes of GPU memory that the run has allocated; null without a GPU, and before the first report. */
  deviceBytes: z.int().nonnegative().nullable(),
  latest: latestValues,
  /** Scores of the last validation by name, such as the accuracy. */
  scores: z.record(z.string(), z.number()),
  /** What the validations say about learning; null before the first one. */
  learning: learning.nullable(),
  /** The validation of the model that is kept; null before the first one. */
  kept: scoredStep.nullable(),
});

/** Progress of a run before its first event. */
export const noProgress: z.output<typeof runProgress> = {
  step: 0,
  seconds: 0,
  secondsLeft: null,
  deviceBytes: null,
  latest: {},
  scores: {},
  learning: null,
  kept: null,
};

/**
 * A change of one curve: keep the first `keep` points, then append `points` as x, y, x, y, ... With `keep` 0 it is the
 * whole curve. The host has already decimated the points (minimum and maximum of each bucket of steps), so the view
 * draws them as they are; a y of null is a value that is not finite.
 */
const seriesChange = z.object({
  keep: z.int().nonnegative(),
  points: z.array(z.number().nullable()),
});

const progressChange = z.object({
  ...runProgress.shape,
  /** Curves that have grown. Empty while the tab "Loss" is hidden. */
  curves: z.partialRecord(seriesName, seriesChange),
});

export const sampleView = z.object({
  step: z.int().nonnegative(),
  prompt: z.string(),
  temperature: z.number(),
  text: z.string(),
});

/** Functions that the panel serves. */
export const panelContract = {
  /** Shows another run and discards all curves and samples; null without a run. */
  show: { args: z.tuple([runView.nullable()]) },
  /** The shown run has changed in something other than its progress. */
  update: { args: z.tuple([runView]) },
  /** The shown run has made progress. Sent at most ten times a second. */
  progress: { args: z.tuple([progressChange]) },
  /** Appends samples, oldest first. Sent only while the tab "Loss" or "Text" is visible. */
  samples: { args: z.tuple([z.array(sampleView)]) },
  /** Report of the task after the last validation; null without one. Sent only while the tab "Results" is visible. */
  results: { args: z.tuple([report.nullable()]) },
  /** Shows a tab as if the user had chosen it. */
  openTab: { args: z.tuple([tabName]) },
  /** Shows the tab "Compare" with these runs, as if the user had chosen them. */
  openComparison: { args: z.tuple([comparedIds]) },
  ...generateTabContract,
  ...gradientsTabContract,
  ...openTextContract,
  ...comparisonContract,
  ...startedFromContract,
} as const;

const runAction = z.enum([
  'trainNext',
  'leaveQueue',
  'pause',
  'unpause',
  'stop',
  'resume',
  'resumeWithHalfLearningRate',
  'resumeWithClipping',
  'resumeOnBundledBackend',
  'runAgain',
  'trainAgain',
  'generate',
  'compare',
  'copyConfiguration',
  'exportPage',
  'reveal',
]);

/** Saves a picture or a table with the save dialog of VS Code; `png` is base64, the others are text. */
export const saveFile = {
  args: z.tuple([z.object({ format: z.enum(['png', 'svg', 'csv']), name: z.string().max(200), content: z.string() })]),
  result: z.void(),
} as const;

/** Functions that the host serves to the panel. */
export const panelHostContract = {
  /** The panel is loaded. Names the run that it showed before a reload, if any, and the visible tab. */
  ready: { args: z.tuple([z.object({ run: z.string().nullable(), tab: tabName })]) },
  /** The user has chosen another tab. Content of hidden tabs is not sent. */
  chooseTab: { args: z.tuple([tabName]) },
  /** A button was pressed. */
  act: { args: z.tuple([runAction]), result: z.void() },
  /** Sets temperature and prompt, and writes a sample. */
  sample: {
    args: z.tuple([z.object({ temperature: z.number().min(0).max(10), prompt: z.string().max(10_000) })]),
    result: z.void(),
  },
  saveFile,
  /** Exports the metrics of the shown run at full resolution as CSV. */
  exportCsv: { args: z.tuple([]), result: z.void() },
  ...generateTabHostContract,
  ...gradientsTabHostContract,
  ...openTextHostContract,
  ...comparisonHostContract,
  ...differenceHostContract,
  ...startedFromHostContract,
  /** Reports an error in the panel, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type RunState = z.output<typeof runState>;
export type RunView = z.output<typeof runView>;
export type RunProgress = z.output<typeof runProgress>;
export type ProgressChange = z.output<typeof progressChange>;
export type LatestValues = z.output<typeof latestValues>;
export type SeriesChange = z.output<typeof seriesChange>;
export type SampleView = z.output<typeof sampleView>;
export type RunAction = z.output<typeof runAction>;
export type PanelFunctions = Functions<typeof panelContract>;
export type RemotePanel = Remote<typeof panelContract>;
export type PanelHostFunctions = Functions<typeof panelHostContract>;
export type RemotePanelHost = Remote<typeof panelHostContract>;
