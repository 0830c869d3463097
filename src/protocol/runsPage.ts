import * as z from 'zod';
import { comparisonContract, comparisonHostContract } from './comparison.ts';
import { saveFile } from './panel.ts';
import type { Functions, Remote } from './rpc.ts';
import { isRunRow, type RunRow } from './runRow.ts';

/** The boundary between the extension host and the page "Runs". */

const sortedColumn = z.object({ column: z.string(), descending: z.boolean() });

/**
 * What the user has set up on the page, kept for the workspace. Every field has a fallback, so that a field which an older
 * version stored in another form falls back to its default and the others are kept. Columns are named by their keys.
 */
export const runsLayout = z.object({
  /** The shown columns in their order; null for those that are shown by default. */
  columns: z.array(z.string()).nullable().catch(null),
  /** Columns that stay in view when the table is scrolled sideways. */
  pinned: z.array(z.string()).catch(['starred', 'color', 'name']),
  /** Widths in pixels of the columns that the user has resized. */
  widths: z.record(z.string(), z.number().positive()).catch({}),
  /** The column to sort by first is the first one. */
  sort: z.array(sortedColumn).catch([{ column: 'started', descending: true }]),
  /** Column whose values group the runs; null for no groups. */
  group: z.string().nullable().catch(null),
  /** Keys of the groups whose runs are hidden. */
  folded: z.array(z.string()).catch([]),
  filter: z.string().catch(''),
  /** Whether archived runs are shown. */
  archived: z.boolean().catch(false),
  /** Whether the curves of the selected runs are shown. */
  curves: z.boolean().catch(true),
});

/** A change to what the user has added to runs; omitted parts stay as they are. */
const annotationChange = z.object({
  /** Null for the label of the run. */
  name: z.string().nullable().exactOptional(),
  starred: z.boolean().exactOptional(),
  /** `#rrggbb` or the number of a slot as a text; null for the color that follows from the id of the run. */
  color: z.string().nullable().exactOptional(),
  archived: z.boolean().exactOptional(),
  addTags: z.array(z.string()).exactOptional(),
  removeTags: z.array(z.string()).exactOptional(),
  /** Markdown; empty to remove the note. */
  note: z.string().exactOptional(),
});

const runIds = z.array(z.string());

/** Functions that the page serves. */
export const runsPageContract = {
  /** Begins the page: its layout, and whether runs can be exported. Its rows follow. */
  begin: { args: z.tuple([z.object({ layout: runsLayout, canExport: z.boolean() })]) },
  /** Sets the filter of the rows. */
  filter: { args: z.tuple([z.string()]) },
  /** Rows that are new or have changed, and the ids of runs that are gone; `isComplete` is false if others follow. */
  rows: {
    args: z.tuple([
      z.object({ changed: z.array(z.custom<RunRow>(isRunRow)), removed: runIds, isComplete: z.boolean() }),
    ]),
  },
  /** Folders of the run store that cannot be read. */
  unreadable: { args: z.tuple([z.array(z.object({ folder: z.string(), reason: z.string() }))]) },
  ...comparisonContract,
} as const;

/** Functions that the host serves to the page. */
export const runsPageHostContract = {
  /** The page is loaded and can draw. */
  ready: { args: z.tuple([]) },
  /** Keeps the layout for the workspace. */
  keepLayout: { args: z.tuple([runsLayout]) },
  /** Changes what the user has added to runs. */
  annotate: { args: z.tuple([z.object({ runs: runIds, change: annotationChange })]), result: z.void() },
  openRun: { args: z.tuple([z.string()]), result: z.void() },
  /** Opens the tab "Compare" of the panel with these runs. */
  openComparison: { args: z.tuple([runIds]), result: z.void() },
  exportRuns: { args: z.tuple([runIds]), result: z.void() },
  /** Writes a run, or several side by side, as one HTML page. */
  exportPage: { args: z.tuple([runIds]), result: z.void() },
  /** Moves runs to the trash. A run that cannot be moved stays, with the reason. */
  trashRuns: {
    args: z.tuple([runIds]),
    result: z.object({ trashed: runIds, failed: z.array(z.object({ id: z.string(), reason: z.string() })) }),
  },
  /** Brings runs back from the trash. */
  restoreRuns: { args: z.tuple([runIds]), result: z.void() },
  saveFile,
  /** Reports an error on the page, which the host logs. */
  report: { args: z.tuple([z.object({ message: z.string() })]) },
  ...comparisonHostContract,
} as const;

export type RunsLayout = z.output<typeof runsLayout>;
export type AnnotationChange = z.output<typeof annotationChange>;
export type RunsPageFunctions = Functions<typeof runsPageContract>;
export type RemoteRunsPage = Remote<typeof runsPageContract>;
export type RunsPageHostFunctions = Functions<typeof runsPageHostContract>;
