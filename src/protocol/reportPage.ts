import * as z from 'zod';
import { text } from '../phrases/phrase.ts';
import { probedFlow, timedCurve } from './comparison.ts';
import { METRICS, type MetricKey, runUnits, seriesName, type SeriesName } from './metrics.ts';
import { saveFile } from './panel.ts';
import type { Functions, Remote } from './rpc.ts';
import { runColor } from './runColor.ts';
import { isRunRow, type RunRow } from './runRow.ts';

/** A report: a Markdown file whose fenced blocks name runs and a plot. The preview and the exported page show it. */

/** What a block shows besides curves of metrics. */
export const OTHER_PLOTS = ['gradient', 'table'] as const;

/** Quantities on the x axis of a plot of a metric: optimizer steps, seconds of training, or characters, words... read. */
export const REPORT_X = ['step', 'seconds', 'items'] as const;

/** Names of plots: metrics, `gradient` for the gradient by lag, and `table` for a table of the runs. */
const plot = z.enum([...METRICS.map(({ key }): MetricKey => key), ...OTHER_PLOTS]);

/** A fenced block of a report, as it is drawn. */
const reportBlock = z.object({
  /** What the block says about its runs: a filter, or ids or names with commas between them. */
  runs: z.string(),
  plot,
  x: z.enum(REPORT_X),
  /** Key of the column whose equal values make a group, drawn as its mean with a band; null draws each run. */
  group: z.string().nullable(),
  /** Keys of the columns of a table; null for the name, the fields that differ, and the results. */
  columns: z.array(z.string()).nullable(),
  /** Columns that order the runs, the first one first; empty for the order of `runs`, or the newest first. */
  sort: z.array(z.object({ column: z.string(), descending: z.boolean() })),
  /** Number of runs to show, the first ones; null for all. */
  limit: z.int().positive().nullable(),
  /** Step of the probes of `plot: gradient`; null for the probe nearest to the lowest validation loss. */
  step: z.int().nonnegative().nullable(),
  logarithmic: z.boolean(),
  caption: z.string(),
});

/** Something that is wrong in a block. */
const reportProblem = z.object({
  /** Line of the document, from 1. */
  line: z.int().positive(),
  /** Place in the line and number of characters, from 0; a length of 0 if something is missing. */
  column: z.int().nonnegative(),
  length: z.int().nonnegative(),
  /** The line. */
  source: z.string(),
  message: text,
});

const reportPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), line: z.int().positive(), markdown: z.string() }),
  z.object({
    kind: z.literal('plot'),
    line: z.int().positive(),
    block: reportBlock,
    /** Ids of the runs in their order; at most those that the plot can show. */
    runs: z.array(z.string()),
    /** Number of runs that the block names. */
    found: z.int().nonnegative(),
  }),
  z.object({ kind: z.literal('problems'), line: z.int().positive(), problems: z.array(reportProblem) }),
]);

/** A run of a report, without its curves. */
const reportRun = z.object({
  id: z.string(),
  /** How it differs from the other runs of the report. */
  label: z.string(),
  color: runColor,
  row: z.custom<RunRow>(isRunRow),
  units: runUnits,
  /** Characters, words or sequences that a step reads; null for a model that is fitted, whose steps read all data. */
  itemsPerStep: z.number().positive().nullable(),
});

/** The document: its parts in their order, and the runs that they show. */
const reportContent = z.object({
  /** Text of the first heading, or the name of the file. */
  title: z.string(),
  parts: z.array(reportPart),
  runs: z.array(reportRun),
});

/** Curves of a run that the plots of a report draw. */
const reportCurves = z.object({
  id: z.string(),
  curves: z.partialRecord(seriesName, timedCurve),
  /** Gradient by lag, by the `step` of the block, and by "best" for a block without one; absent without a probe. */
  flows: z.record(z.string(), probedFlow),
});

/** What the plots of a report draw of one run. */
export interface NeededCurves {
  readonly series: ReadonlySet<SeriesName>;
  /** Steps of the probes; null for the probe at the best step. */
  readonly probes: ReadonlySet<number | null>;
}

/** Name of the gradient at a step among the `flows` of a run; null for the best step. */
export function flowKey(step: number | null): string {
  return step === null ? 'best' : String(step);
}

/** The data in a page that was exported. The page reads it from its own document. */
export const exportedReport = z.object({
  version: z.literal(1),
  exportedAt: z.iso.datetime(),
  /** Version of Sequence Lab that has written the page. */
  product: z.string(),
  content: reportContent,
  curves: z.array(reportCurves),
});

/** Functions that the preview serves. */
export const reportPageContract = {
  /** Address of the document, which the page keeps to show it again after a reload of the window. */
  begin: { args: z.tuple([z.string()]) },
  /** The document has changed, or its runs. */
  show: { args: z.tuple([reportContent]) },
  /** Curves of a run that have changed, or are new. */
  curves: { args: z.tuple([reportCurves]) },
  /** Scrolls to the part of the document at a line, from 1. */
  reveal: { args: z.tuple([z.int().positive()]) },
} as const;

/** Functions that the host serves to the preview. */
export const reportPageHostContract = {
  /** The page is loaded and can draw. */
  ready: { args: z.tuple([]) },
  /** Opens a file that the document links to, by its path relative to the document. */
  openFile: { args: z.tuple([z.string()]), result: z.void() },
  /** Shows a line of the document in the editor. */
  openLine: { args: z.tuple([z.int().positive()]), result: z.void() },
  openRun: { args: z.tuple([z.string()]), result: z.void() },
  exportPage: { args: z.tuple([]), result: z.void() },
  saveFile,
  /** Reports an error on the page, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
} as const;

/** State that VS Code keeps with the preview, as far as the host reads it. */
export const reportState = z.object({ document: z.string() });

export type ReportBlock = z.output<typeof reportBlock>;
export type ReportPlot = ReportBlock['plot'];
export type ReportProblem = z.output<typeof reportProblem>;
export type ReportPart = z.output<typeof reportPart>;
export type PlotPart = Extract<ReportPart, { readonly kind: 'plot' }>;
export type ReportRun = z.output<typeof reportRun>;
export type ReportContent = z.output<typeof reportContent>;
export type ReportCurves = z.output<typeof reportCurves>;
export type ExportedReport = z.output<typeof exportedReport>;
export type ReportPageFunctions = Functions<typeof reportPageContract>;
export type RemoteReportPage = Remote<typeof reportPageContract>;
