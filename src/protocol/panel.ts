import * as z from 'zod';
import { runFacts } from './events.ts';
import { comparisonContract, comparisonHostContract } from './comparison.ts';
import { gradientsTabContract, gradientsTabHostContract } from './gradientsTab.ts';
import { runUnits, seriesName } from './metrics.ts';
import { openTextContract, openTextHostContract } from './openText.ts';
import { report } from './report.ts';
import type { Functions, Remote } from './rpc.ts';

/** The boundary between the extension host and the panel "Sequence Lab". */

/** What a run is doing. */
export const runState = z.enum([
  'starting',
  'running',
  'paused',
  'completed',
  'stopped',
  'diverged',
  /** The trainer died or failed; the run can be resumed from its last checkpoint. */
  'failed',
  /** Found on disk, neither ended nor held by a living trainer. */
  'interrupted',
]);

/** The tabs of the panel, in their order. */
export const tabName = z.enum(['loss', 'results', 'gradients', 'gates', 'text', 'compare']);

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
  /** Time steps that the gradient flows back in training before it is cut. */
  truncation: z.int().positive(),
  /** Steps between two probes of gradients and gates; 0 takes none. */
  probeEvery: z.int().nonnegative(),
  /** Steps between two validations. */
  validateEvery: z.int().positive(),
  units: runUnits,
  /**
   * What is to be learned, who has set it and when it is solved, for a task that is not simply the next character of a
   * text.
   */
  about: z.string().nullable(),
  /** Whether the model writes samples. */
  writes: z.boolean(),
  /** Model and training in a line, such as "LSTM 1 x 100, one-hot, T=50, B=16, seed 1". */
  summary: z.string(),
  /** The model in words for a monospaced font: layers, parameters, unrolled over time. */
  model: z.string(),
  /** Why the run ended, when it did not simply complete. */
  message: z.string().nullable(),
  sampling: z.object({ temperature: z.number(), prompt: z.string() }),
});

/**
 * Latest value of each measured metric at full resolution. A metric that was not measured yet is absent; a value that
 * is not finite is null.
 */
const latestValues = z.partialRecord(seriesName, z.number().nullable());

/** How far a run is: everything about it that may change at every step, except for its curves. */
const runProgress = z.object({
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
});

/** Progress of a run of which nothing is known yet. */
export const noProgress: z.output<typeof runProgress> = {
  step: 0,
  seconds: 0,
  secondsLeft: null,
  deviceBytes: null,
  latest: {},
  scores: {},
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
  /** Curves that have grown. Empty while the tab "Loss" is not on screen. */
  curves: z.partialRecord(seriesName, seriesChange),
});

const sampleView = z.object({
  step: z.int().nonnegative(),
  prompt: z.string(),
  temperature: z.number(),
  text: z.string(),
});

/** Functions that the panel serves. */
export const panelContract = {
  /** Another run is shown, or the panel has just appeared: forget every curve and sample. Null: no run yet. */
  show: { args: z.tuple([runView.nullable()]) },
  /** The run shown has changed in something other than its progress. */
  update: { args: z.tuple([runView]) },
  /** The run shown has made progress; at most ten times a second. */
  progress: { args: z.tuple([progressChange]) },
  /** Samples, oldest first, to append; only while the tab "Loss" or "Text" is on screen. */
  samples: { args: z.tuple([z.array(sampleView)]) },
  /**
   * What the task showed of its model after the last validation; null: nothing. Only while the tab "Results" is on
   * screen.
   */
  results: { args: z.tuple([report.nullable()]) },
  /** Brings a tab on screen, as if the user had chosen it. */
  openTab: { args: z.tuple([tabName]) },
  ...gradientsTabContract,
  ...openTextContract,
  ...comparisonContract,
} as const;

const runAction = z.enum([
  'pause',
  'unpause',
  'stop',
  'resume',
  'resumeWithHalfLearningRate',
  'resumeWithClipping',
  'resumeOnBundledBackend',
  'reveal',
]);

/** Saves a picture or a table through the host's own dialog; `png` is base64, the others are text. */
export const saveFile = {
  args: z.tuple([z.object({ format: z.enum(['png', 'svg', 'csv']), name: z.string().max(200), content: z.string() })]),
  result: z.void(),
} as const;

/** Functions that the host serves to the panel. */
export const panelHostContract = {
  /** The panel is loaded and can draw; the run it showed before a reload, if any, and the tab that is on screen. */
  ready: { args: z.tuple([z.object({ run: z.string().nullable(), tab: tabName })]) },
  /** Another tab is on screen: what the others show is not sent until they are chosen again. */
  chooseTab: { args: z.tuple([tabName]) },
  /** A button was pressed. */
  act: { args: z.tuple([runAction]), result: z.void() },
  /** Temperature or prompt was changed: a sample is written at once. */
  sample: {
    args: z.tuple([z.object({ temperature: z.number().min(0).max(10), prompt: z.string().max(10_000) })]),
    result: z.void(),
  },
  saveFile,
  /** The metrics of the run shown at full resolution, as CSV. */
  exportCsv: { args: z.tuple([]), result: z.void() },
  ...gradientsTabHostContract,
  ...openTextHostContract,
  ...comparisonHostContract,
  /** Something in the panel went wrong; the host writes it to its log. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

export type TabName = z.output<typeof tabName>;
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
