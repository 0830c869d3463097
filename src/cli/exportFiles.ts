import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { predicateOf } from '../catalog/filter/matches.ts';
import { rowOf } from '../catalog/row.ts';
import { ConfigError } from '../config/parse.ts';
import type { PortableFormatName } from '../config/portableFormats.ts';
import { type TableFormat, tableFile } from '../export/formats.ts';
import { npzBytes } from '../export/npz/npz.ts';
import { probeArrays } from '../export/npz/probeArrays.ts';
import { StoredRun } from '../export/storedRun.ts';
import { eventFiles } from '../export/tensorboard/storedEvents.ts';
import { disk } from '../platform/files.ts';
import { labHome, runsFolder } from '../runs/home.ts';
import { writeFileAtomic } from '../runs/atomic.ts';
import { listRuns } from '../runs/runStore.ts';
import { readText } from '../data/textReader.ts';
import { arraysOfPassage } from '../worker/npzOfPassage.ts';
import { storedRuns } from './catalog.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import type { Content, ExportFlags } from './export.ts';
import { readFilter } from './filter.ts';
import { media } from './installed.ts';

/** Ends the command because of its input. */
export function refuse(message: string): never {
  throw new ConfigError(message);
}

/** The runs to export, opened. @throws FilterError for a filter that cannot be read */
export async function openRuns(names: readonly string[], flags: Choice): Promise<StoredRun[]> {
  return Promise.all((await chosenFolders(names, flags)).map(async (folder) => StoredRun.open(folder)));
}

/** Options that choose runs. */
type Choice = Pick<ExportFlags, 'all' | 'filter'>;

/**
 * Folders of the runs to export: those that are named, those that match a filter, or all of the run store.
 * @throws FilterError for a filter that cannot be read
 */
export async function chosenFolders(names: readonly string[], { all, filter }: Choice): Promise<string[]> {
  const ways = [names.length > 0, filter !== undefined, all].filter(Boolean).length;
  if (ways !== 1)
    refuse('Name the runs to export, choose those that match with --filter, or all of the run store with --all.');
  const folders = filter !== undefined ? await matchingRuns(filter) : all ? await allRuns() : names.map(findRun);
  return [...new Set(folders)];
}

/** Folders of the runs that match a filter, the oldest first. */
async function matchingRuns(text: string): Promise<string[]> {
  const passes = predicateOf(readFilter(text));
  const matching = (await storedRuns()).filter((run) => passes(rowOf(run)));
  if (matching.length === 0) refuse(`No run matches the filter: ${text}`);
  return matching.map(({ folder }) => folder).reverse();
}

/** Folders of all runs, the oldest first. Says which cannot be read. */
async function allRuns(): Promise<string[]> {
  const folder = runsFolder(labHome());
  const { runs, unreadable } = await listRuns(folder);
  for (const { folder, reason } of unreadable) process.stderr.write(`Left out: ${folder} cannot be read. ${reason}\n`);
  if (runs.length === 0) refuse(`There are no runs in ${folder}.`);
  return runs.map((run) => run.folder).reverse();
}

interface FileRequest {
  readonly runs: readonly StoredRun[];
  readonly content: Content;
  readonly out: string;
  readonly flags: ExportFlags;
}

export async function writeTable({ runs, content, out }: FileRequest, format: TableFormat): Promise<void> {
  await save(out, await tableFile(runs, content, format));
}

/** Writes arrays of the probes, or of the gates and states on a passage. */
export async function writeArrays({ runs, content, out, flags }: FileRequest): Promise<void> {
  const arrays = content === 'gates' ? await gateArrays(runs, flags.text) : await probeArrays(runs);
  if (arrays.size === 0) refuse('The run has no probes: it has no recurrent layers, or probes.every is 0.');
  await save(out, npzBytes(arrays));
}

async function gateArrays(runs: readonly StoredRun[], file: string | undefined) {
  const [run, another] = runs;
  if (!run || another) refuse('--npz --what gates reads a text with the model of one run. Name one run.');
  const { folder, record } = run;
  prepareNativeEnvironment(record.config.threads);
  const text = file === undefined ? undefined : await wholeText(file);
  return arraysOfPassage({ folder, backends: backendOptions() }, text);
}

/** @throws InputError if the file cannot be read or is empty */
async function wholeText(path: string): Promise<string> {
  let text = '';
  for await (const piece of await readText({ kind: 'file', path })) text += piece;
  return text;
}

/** Writes an event file per run into a folder of the run's id. */
export async function writeEvents(runs: readonly StoredRun[], out: string, force: boolean): Promise<void> {
  for await (const { run, name, bytes } of eventFiles(runs)) {
    const file = join(out, run, name);
    if (existsSync(file) && !force) refuse(`${file} exists. Choose another folder, or replace it with --force.`);
    await save(file, bytes);
  }
}

async function save(file: string, bytes: Uint8Array): Promise<void> {
  await disk.makeFolder(dirname(file));
  await writeFileAtomic(file, bytes, disk);
  process.stdout.write(`${file}\n`);
}

/** Writes the model of a run for another program, and prints the folder. */
export async function writePortable(
  { folder, record }: StoredRun,
  format: PortableFormatName,
  { out, replace }: { readonly out: string; readonly replace: boolean },
): Promise<void> {
  prepareNativeEnvironment(record.config.threads);
  const { exportPortable } = await import('../worker/portable/exportPortable.ts');
  await exportPortable({ folder, format, out, programs: media, replace, backends: backendOptions() });
  process.stdout.write(`${out}\n`);
}
