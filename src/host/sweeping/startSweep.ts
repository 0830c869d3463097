import { join } from 'node:path';
import * as vscode from 'vscode';
import { disk } from '../../platform/files.ts';
import { newRunId } from '../../runs/runStore.ts';
import { readSweep } from '../../sweeps/readSweep.ts';
import type { Sweep } from '../../sweeps/sweep.ts';
import type { NewSweep } from '../../sweeps/sweepStore.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { RunsPages } from '../runsPage/runsPages.ts';
import { trainerSettings } from '../settings.ts';
import { refuseNative } from '../trust.ts';
import { startOnSlurm } from './slurmSweep.ts';
import type { Sweeps } from './sweeps.ts';

export const SWEEP_SUFFIX = '.sequence-lab-sweep.json';

/** Filter of the table of runs that shows the trials of all sweeps. */
export const ALL_TRIALS = 'trial > 0';

export interface StartServices {
  readonly runs: RunManager;
  readonly sweeps: Sweeps;
  readonly runsPages: RunsPages;
  readonly extensionUri: vscode.Uri;
}

/** Where a sweep is read. */
export interface SweepOrigin {
  /** Absolute path of its file; null for a sweep that is in no file. */
  readonly file: string | null;
  /** Folder that relative paths begin at. */
  readonly folder: string;
  /** Number of trials whose configurations are checked; by default as many as before a sweep begins. */
  readonly checked?: number;
}

/** Reads and checks a sweep. @throws ConfigError, or HelpfulError in Restricted Mode if it needs native code */
export async function readSweepHere(
  { runs }: Pick<StartServices, 'runs'>,
  text: string,
  origin: SweepOrigin,
): Promise<NewSweep> {
  const sweep = await readSweep(text, { ...origin, findRun: (run) => folderOf(runs, run) });
  refuseBackends(sweep.sweep);
  return sweep;
}

/**
 * Starts a sweep in this window, and shows its trials.
 * @param workers most trials that train at the same time; the queue may allow fewer
 * @returns its id
 */
export async function startSweepHere(
  { sweeps, runsPages }: Pick<StartServices, 'sweeps' | 'runsPages'>,
  sweep: NewSweep,
  workers?: number,
): Promise<string> {
  const id = await sweeps.start(sweep, workers);
  runsPages.show(filterOf(id));
  return id;
}

/**
 * Trains a sweep that is in no file on Slurm: it is written next to the run store, where a later window finds it.
 * @param name of the run that it is started from
 * @param given options of the jobs; if absent, the user is asked for them
 */
export async function startTextOnSlurm(
  { runsPages, extensionUri }: Pick<StartServices, 'runsPages' | 'extensionUri'>,
  text: string,
  name: string,
  given?: readonly string[],
): Promise<void> {
  const folder = join(trainerSettings().backends.home, 'sweep-files');
  await disk.makeFolder(folder);
  const file = join(folder, `${newRunId(name, new Date())}${SWEEP_SUFFIX}`);
  await disk.write(file, text);
  if (await startOnSlurm(extensionUri, file, { resumes: false, ...(given && { given }) })) runsPages.show(ALL_TRIALS);
}

/** Opens a sweep in an editor, without a file. */
export async function openSweepText(text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'json', content: text });
  await vscode.window.showTextDocument(document);
}

/** Checks the backends of a sweep. @throws HelpfulError in Restricted Mode if one of them is native code */
export function refuseBackends({ base, file }: Sweep): void {
  refuseNative(base.backend);
  const { choices = [] } = file.fields['backend'] ?? {};
  for (const backend of choices) refuseNative(String(backend));
}

/** Filter of the table of runs that shows the trials of a sweep. */
export function filterOf(sweep: string): string {
  return `sweep = "${sweep}"`;
}

/** Folder of a run that a sweep file names. @throws Error if there is none */
function folderOf(runs: RunManager, run: string): string {
  const found = runs.runs.find(({ id, folder, view }) => [id, folder, view.title].includes(run));
  if (!found) throw new Error(vscode.l10n.t('The run "{0}" was not found in {1}.', run, runs.folder));
  return found.folder;
}
