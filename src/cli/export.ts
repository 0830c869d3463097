import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PortableFormatName } from '../config/portableFormats.ts';
import type { TableName } from '../export/formats.ts';
import type { StoredRun } from '../export/storedRun.ts';

/** End of the names of reports. */
const REPORT_END = '.sequence-lab.md';

/** Whether an argument is a report, not a run. */
function isReport(name: string): boolean {
  return name.toLowerCase().endsWith(REPORT_END);
}

/** Flags of `export`, as parsed by commander. */
export interface ExportFlags {
  readonly all: boolean;
  readonly filter?: string;
  readonly what?: Content;
  readonly text?: string;
  readonly live: boolean;
  readonly to?: PortableFormatName;
  readonly out: string;
  readonly force: boolean;
  /** The flag of each format. */
  readonly [format: string]: unknown;
}

/** Contents of an export: the default is the first that the format has. */
export const CONTENTS = ['curves', 'runs', 'probes', 'gates'] as const satisfies readonly TableName[];
export type Content = (typeof CONTENTS)[number];

/** A request for one file, or for a folder. */
interface ExportRequest {
  readonly runs: readonly StoredRun[];
  readonly content: Content;
  /** Absolute path to write. */
  readonly out: string;
  readonly flags: ExportFlags;
}

/** A format of `sequence-lab export`, with the flag of its name. */
interface ExportFormat {
  /** Text of its flag in the help. */
  readonly about: string;
  readonly contents: readonly Content[];
  /** Further flags, without "--", that only this format has. */
  readonly flags?: readonly string[];
  /** Whether the target is a folder, into which files with names of their own are written. */
  readonly folder?: boolean;
  /** Writes the export. */
  readonly write: (request: ExportRequest) => Promise<void>;
}

/** Formats by the name of their flag. A new format is one entry. */
export const EXPORT_FORMATS: Readonly<Record<string, ExportFormat>> = {
  csv: { about: 'comma-separated values', contents: CONTENTS, write: table('csv') },
  json: { about: 'a JSON array with one object per row', contents: CONTENTS, write: table('json') },
  parquet: { about: 'Apache Parquet', contents: CONTENTS, write: table('parquet') },
  npz: {
    about: 'NumPy arrays: of the probes, or of the gates and states on a passage of text',
    contents: ['probes', 'gates'],
    flags: ['text'],
    write: async (request) => {
      const { writeArrays } = await import('./exportFiles.ts');
      await writeArrays(request);
    },
  },
  tensorboard: {
    about: 'event files for TensorBoard, in a folder per run',
    contents: ['curves'],
    folder: true,
    write: async ({ runs, out, flags }) => {
      const { writeEvents } = await import('./exportFiles.ts');
      await writeEvents(runs, out, flags.force);
    },
  },
  html: {
    about: 'one HTML page of a run, of several, or of a report, which opens in any browser without network',
    contents: ['curves'],
    flags: ['live'],
    write: async ({ runs, out, flags }) => {
      const { exportHtml } = await import('./exportHtml.ts');
      await exportHtml(runs, { out, live: flags.live });
    },
  },
};

function table(format: 'csv' | 'json' | 'parquet'): ExportFormat['write'] {
  return async (request) => {
    const { writeTable } = await import('./exportFiles.ts');
    await writeTable(request, format);
  };
}

/** `sequence-lab export`. @throws ConfigError, RunNotFoundError for invalid input */
export async function exportRuns(names: readonly string[], flags: ExportFlags): Promise<void> {
  const { openRuns, refuse } = await import('./exportFiles.ts');
  const report = names.find(isReport);
  const chosen = Object.entries(EXPORT_FORMATS).filter(([name]) => flags[name] === true);
  if (flags.to !== undefined) return exportTo(names, flags.to, flags);
  const [first, second] = chosen;
  if (second) refuse(`Choose one format: ${chosen.map(([name]) => `--${name}`).join(' or ')}.`);
  const [name, format] = first ?? formatOf(flags.out) ?? refuse(NO_FORMAT);
  const content = flags.what ?? format.contents[0] ?? 'curves';
  if (!format.contents.includes(content))
    refuse(`--${name} has no ${content}. It has ${format.contents.join(' and ')}.`);
  if (flags.text !== undefined && !(format.flags?.includes('text') && content === 'gates'))
    refuse('--text names the text for the gates of --npz. Add --npz --what gates, or remove it.');
  if (flags.live && !format.flags?.includes('live'))
    refuse('--live puts the model into a page. Add --html, or remove it.');
  const out = resolve(flags.out);
  if (!format.folder && existsSync(out) && !flags.force)
    refuse(`${flags.out} exists. Choose another file, or replace it with --force.`);
  if (report !== undefined) {
    if (name !== 'html') refuse(`A report is exported as a page. Choose --html instead of --${name}.`);
    if (flags.live || flags.what !== undefined) refuse('--live and --what apply to runs. Omit them for a report.');
    if (names.length > 1 || flags.all || flags.filter !== undefined)
      refuse('A page has one report. Name the report only: its blocks name the runs.');
    const { exportReport } = await import('./exportReport.ts');
    return exportReport(report, out);
  }
  const runs = await openRuns(names, flags);
  await format.write({ runs, content, out, flags });
}

/** Options that a model for another program does not have. */
const OTHERS = ['what', 'text', 'live'] as const;

/** `sequence-lab export RUN --to FORMAT --out FOLDER`. */
async function exportTo(names: readonly string[], format: PortableFormatName, flags: ExportFlags): Promise<void> {
  const { openRuns, refuse, writePortable } = await import('./exportFiles.ts');
  const other = [...Object.keys(EXPORT_FORMATS), ...OTHERS].find((name) => Boolean(flags[name]));
  if (other !== undefined) refuse(`--to writes a model, and --${other} does not apply to it. Omit one of them.`);
  const [run, another] = await openRuns(names, flags);
  if (!run || another) return refuse('--to writes the model of one run. Name one run.');
  await writePortable(run, format, { out: resolve(flags.out), replace: flags.force });
}

const NO_FORMAT = `Choose a format: ${Object.keys(EXPORT_FORMATS)
  .map((name) => `--${name}`)
  .join(', ')}, or --to for a model.`;

/** The format that the extension of a file says. */
function formatOf(out: string): [string, ExportFormat] | undefined {
  const extension = /\.([a-z]+)$/i.exec(out)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(EXPORT_FORMATS, extension) ? EXPORT_FORMATS[extension] : undefined;
  return format && !format.folder ? [extension, format] : undefined;
}
