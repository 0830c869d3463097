import * as vscode from 'vscode';
import { say } from '../../phrases/phrase.ts';
import { importRunArchive, type ImportedRuns } from '../../runs/archive/importArchive.ts';
import { type ArchiveOptions, type RefusedRun, writeRunArchive } from '../../runs/archive/writeArchive.ts';
import { readThrough, writeThrough } from '../anyFiles.ts';
import { chooseTarget } from '../panel/saveFile.ts';
import { plainLabel } from '../plainLabel.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { chooseRuns } from './chooseRun.ts';
import type { Commands } from './command.ts';

const ZIP = { label: 'ZIP', extension: 'zip' } as const;
/** Number of runs that a message names. */
const NAMED = 3;

/** "Export runs as an archive..." and "Import runs from an archive...". */
export function archiveCommands(services: Services): Commands {
  return {
    exportArchive: async (argument, selected) => {
      const models = await chooseRuns(services, [argument, selected], {
        placeHolder: vscode.l10n.t('Select the runs to export'),
      });
      if (models.length === 0) return;
      const target = await saveArchive(models);
      if (target)
        void vscode.window.showInformationMessage(
          vscode.l10n.t('Exported to {0}.', vscode.workspace.asRelativePath(target)),
        );
    },
    importArchive: async (argument) => {
      const archive = argument instanceof vscode.Uri ? argument : await chooseArchive();
      if (!archive) return;
      const found = await inProgress(vscode.l10n.t('Importing runs'), async (options) =>
        readThrough(archive, async (path) => importRunArchive(path, services.runs.folder, options)),
      );
      await services.runs.refresh();
      void vscode.window.showInformationMessage(describeImport(found));
      refuse(found.refused, (names) => vscode.l10n.t('Not imported: {0}', names));
    },
  };
}

/**
 * Asks for a target and writes an archive of runs.
 * @returns the target; undefined if the dialog was canceled
 * @throws Error that names the runs that are left out, and why
 */
export async function saveArchive(models: readonly RunModel[]): Promise<vscode.Uri | undefined> {
  const [first, second] = models;
  const name = !first || second ? vscode.l10n.t('{0} runs', models.length) : first.id;
  const target = await chooseTarget(`${name}.zip`, ZIP);
  if (!target) return undefined;
  const folders = models.map(({ folder }) => folder);
  const { written, refused } = await inProgress(vscode.l10n.t('Exporting runs'), async (options) =>
    writeThrough(target, async (path) => writeRunArchive(folders, path, options)),
  );
  refuse(refused, (names) => vscode.l10n.t('Exported runs: {0}. Not exported: {1}', written.length, names));
  return target;
}

async function chooseArchive(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: false,
    filters: { [ZIP.label]: [ZIP.extension] },
    openLabel: vscode.l10n.t('Import'),
  });
  return chosen?.[0];
}

/** Shows which run is worked on, with a button that ends the work, with a CancellationError if nothing comes of it. */
async function inProgress<T>(title: string, work: (options: ArchiveOptions) => Promise<T>): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const canceled = new AbortController();
    token.onCancellationRequested(() => canceled.abort(new vscode.CancellationError()));
    return work({
      signal: canceled.signal,
      tell: (run, _, count) => progress.report({ message: plainLabel(run), increment: 100 / count }),
    });
  });
}

function describeImport({ imported, skipped }: ImportedRuns): string {
  const renamed = imported.filter(({ run, id }) => run !== id).length;
  return [
    vscode.l10n.t('Imported runs: {0}.', imported.length),
    ...(renamed > 0 ? [vscode.l10n.t('With a new id, because another run has theirs: {0}.', renamed)] : []),
    ...(skipped.length > 0 ? [vscode.l10n.t('Skipped, because the run store has them: {0}.', skipped.length)] : []),
  ].join(' ');
}

/** @throws Error that names the first of the runs that are left out, and why */
function refuse(refused: readonly RefusedRun[], message: (names: string) => string): void {
  if (refused.length === 0) return;
  const named = refused.slice(0, NAMED).map(({ run, reason }) => `${run}: ${say(reason)}`);
  const more = refused.length - named.length;
  throw new Error(message([...named, ...(more > 0 ? [vscode.l10n.t('and {0} more', more)] : [])].join(' ')));
}
