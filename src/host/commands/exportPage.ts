import * as vscode from 'vscode';
import packageJson from '../../../package.json' with { type: 'json' };
import { withKernels } from '../../export/page/liveModel.ts';
import { writePage } from '../../export/page/writePage.ts';
import { chooseTarget } from '../panel/saveFile.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { programsFolder, trainerSettings } from '../settings.ts';
import { askTrainer } from '../trainerClient/askTrainer.ts';
import { chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';

/** Task whose models a page can run. */
const LIVE_TASK = 'language-model';

/** "Export as a page": writes a run as one HTML file. The trainer reads what the page shows of the model. */
export function exportPageCommands(services: Services): Commands {
  return {
    exportPage: async (argument) => {
      const run = await chooseRun(services, argument, vscode.l10n.t('Select the run to export'), () => true);
      if (!run) return;
      const live = await choosesModel(run);
      if (live === undefined) return;
      const target = await chooseTarget(`${run.view.title.replaceAll(/[\\/:*?"<>|]/g, '-')}.html`, {
        label: 'HTML',
        extension: 'html',
      });
      if (!target) return;
      const title = vscode.l10n.t('Exporting "{0}"', run.view.title);
      const html = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title },
        async () => pageOf(run, live, services),
      );
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(html));
      await offerToOpen(target);
    },
  };
}

/** Whether the page runs the model; undefined if the user cancels. Not asked where it cannot. */
async function choosesModel({ config }: RunModel): Promise<boolean | undefined> {
  if (config.task.name !== LIVE_TASK) return false;
  const items = [
    {
      label: vscode.l10n.t('Without the model'),
      detail: vscode.l10n.t('Shows the run: curves, gradients, gates, samples and settings.'),
      live: false,
    },
    {
      label: vscode.l10n.t('With the model'),
      detail: vscode.l10n.t('Also runs the model on texts that the reader of the page types. The page is larger.'),
      live: true,
    },
  ];
  const placeHolder = vscode.l10n.t('Select the content of the page');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.live;
}

async function pageOf(run: RunModel, live: boolean, services: Services): Promise<string> {
  const { trainerOptions, extensionUri, log } = services;
  const { folder, config, view } = run;
  const programs = programsFolder(extensionUri);
  const exported = await askTrainer(trainerOptions(config.threads, view.backend?.name), {
    onError: (error) => log.error(error),
    ask: async (remote) => remote.exportModel({ folder, live, backends: trainerSettings().backends }),
  });
  return writePage({
    runs: [{ folder, passage: exported.passage }],
    live: exported.live && (await withKernels(exported.live, programs)),
    programs,
    product: packageJson.version,
    language: vscode.env.language,
    translations: vscode.l10n.bundle ?? {},
    warn: (problem) => void vscode.window.showWarningMessage(problem),
  });
}

/** Says that the page is saved, and opens it in the browser if the user wants to. */
async function offerToOpen(target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open');
  const saved = vscode.l10n.t('The page is saved: {0}', vscode.workspace.asRelativePath(target));
  if ((await vscode.window.showInformationMessage(saved, open)) === open) await vscode.env.openExternal(target);
}
