import * as vscode from 'vscode';
import { TABLE_FORMATS, tableFile, type TableName } from '../../export/formats.ts';
import { npzBytes } from '../../export/npz/npz.ts';
import { probeArrays } from '../../export/npz/probeArrays.ts';
import { StoredRun } from '../../export/storedRun.ts';
import { eventFiles } from '../../export/tensorboard/storedEvents.ts';
import { chooseTarget } from '../panel/saveFile.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { trainerSettings } from '../settings.ts';
import { askTrainer } from '../trainerClient/askTrainer.ts';
import { chooseRuns } from './chooseRun.ts';
import type { Commands } from './command.ts';
import { saveArchive } from './runArchives.ts';

/** An export as the quick pick offers it. */
interface ExportItem extends vscode.QuickPickItem {
  /** Asks for a target and writes the export. @returns the target; undefined if the dialog was canceled */
  readonly save: (runs: readonly StoredRun[], name: string) => Promise<vscode.Uri | undefined>;
}

export function exportCommands(services: Services): Commands {
  return {
    exportRuns: async (argument, selected) => {
      const models = await chooseRuns(services, [argument, selected], {
        placeHolder: vscode.l10n.t('Select the runs to export'),
      });
      if (models.length === 0) return;
      const item = await vscode.window.showQuickPick(items(services, models), {
        title: exportTitle(models),
        placeHolder: vscode.l10n.t('Select what to export'),
        matchOnDetail: true,
      });
      if (!item) return;
      const runs = await Promise.all(models.map(async ({ folder }) => StoredRun.open(folder)));
      const target = await item.save(runs, nameOf(models));
      if (target)
        void vscode.window.showInformationMessage(
          vscode.l10n.t('Exported to {0}.', vscode.workspace.asRelativePath(target)),
        );
    },
  };
}

function exportTitle(models: readonly RunModel[]): string {
  const [first, second] = models;
  if (!first || second) return vscode.l10n.t('Export {0} runs', models.length);
  return vscode.l10n.t('Export "{0}"', first.view.title);
}

/** Beginning of the name of a file. */
function nameOf(models: readonly RunModel[]): string {
  const [first, second] = models;
  return !first || second ? vscode.l10n.t('{0} runs', models.length) : first.id;
}

/** The exports in the order of the quick pick. */
function items(services: Services, models: readonly RunModel[]): ExportItem[] {
  const contents: readonly (readonly [TableName, string, string])[] = [
    ['curves', vscode.l10n.t('Curves'), vscode.l10n.t('Losses, scores and gradient norms by step')],
    ['runs', vscode.l10n.t('Table of runs'), vscode.l10n.t('Results and configuration, one row per run')],
    ['probes', vscode.l10n.t('Gradient by lag'), vscode.l10n.t('Every probe, one row per lag')],
    ['gates', vscode.l10n.t('Gates'), vscode.l10n.t('Saturation and histograms in every probe')],
  ];
  return [
    ...contents.flatMap(([content, label, detail]) =>
      TABLE_FORMATS.map((format) => ({
        label,
        description: format.toUpperCase(),
        detail,
        save: async (runs: readonly StoredRun[], name: string) =>
          saveTo(`${name} ${content}`, format, async () => tableFile(runs, content, format)),
      })),
    ),
    {
      label: vscode.l10n.t('Probes'),
      description: vscode.l10n.t('NumPy arrays (npz)'),
      detail: vscode.l10n.t('Gradients, gates and norms of the weights as arrays'),
      save: async (runs, name) => saveTo(`${name} probes`, 'npz', async () => npzBytes(await probeArrays(runs))),
    },
    ...gatesItem(services, models),
    {
      label: vscode.l10n.t('Events'),
      description: vscode.l10n.t('TensorBoard event files'),
      detail: vscode.l10n.t('A folder with the scalars, histograms and samples of each run'),
      save: saveEvents,
    },
    {
      label: vscode.l10n.t('Whole runs'),
      description: vscode.l10n.t('Archive (ZIP)'),
      detail: vscode.l10n.t('Every file of the runs, for another run store'),
      save: async () => saveArchive(models),
    },
  ];
}

/** The gates and states of one run on the end of its text, if its task has one. */
function gatesItem({ trainerOptions, log }: Services, models: readonly RunModel[]): ExportItem[] {
  const [run, another] = models;
  if (!run || another || run.config.task.name !== 'language-model') return [];
  const { folder, config, view } = run;
  const read = async () =>
    askTrainer(trainerOptions(config.threads, view.backend?.name), {
      onError: (error) => log.error(error),
      ask: async (remote) => remote.passageArrays({ folder, backends: trainerSettings().backends }),
    });
  return [
    {
      label: vscode.l10n.t('Gates and states'),
      description: vscode.l10n.t('NumPy arrays (npz)'),
      detail: vscode.l10n.t('Of every unit, on the end of the validation text'),
      save: async (_, name) => saveTo(`${name} gates`, 'npz', read),
    },
  ];
}

async function saveTo(
  name: string,
  extension: string,
  content: () => Promise<Uint8Array>,
): Promise<vscode.Uri | undefined> {
  const target = await chooseTarget(`${name}.${extension}`, { label: extension.toUpperCase(), extension });
  if (target) await withProgress(async () => vscode.workspace.fs.writeFile(target, await content()));
  return target;
}

/** Writes the event file of each run into a folder of its id. */
async function saveEvents(runs: readonly StoredRun[]): Promise<vscode.Uri | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      openLabel: vscode.l10n.t('Export here'),
    })) ?? [];
  if (!folder) return undefined;
  await withProgress(async () => {
    for await (const { run, name, bytes } of eventFiles(runs))
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, run, name), bytes);
  });
  return folder;
}

async function withProgress(task: () => Promise<void>): Promise<void> {
  const title = vscode.l10n.t('Exporting runs');
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, task);
}
