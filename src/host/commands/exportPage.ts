import * as vscode from 'vscode';
import packageJson from '../../../package.json' with { type: 'json' };
import { withKernels } from '../../export/page/liveModel.ts';
import { passageOfMany, writePage } from '../../export/page/writePage.ts';
import { MAX_COMPARED_RUNS } from '../../protocol/comparison.ts';
import { LIVE_TASKS } from '../../protocol/textAnswer.ts';
import { chooseTarget } from '../panel/saveFile.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { folderOfPart } from '../extensionFiles.ts';
import { trainerSettings } from '../settings.ts';
import { askTrainer } from '../trainerClient/askTrainer.ts';
import { chooseRun, givenRuns } from './chooseRun.ts';
import type { Commands } from './command.ts';

/**
 * "Export as a page": writes a run, or several side by side, as one HTML file. The trainer reads what the page of one run
 * shows of its model.
 */
export function exportPageCommands(services: Services): Commands {
  return {
    /** @param argument a run or its id, or a list of them; @param selected all selected runs of a tree */
    exportPage: async (argument, selected) => {
      const given = await givenRuns(services, argument, selected);
      const chosen = given.length > 1 ? given : [await chooseOne(services, given[0])];
      const runs = chosen.flatMap((run) => run ?? []);
      const [run, another] = runs;
      if (!run) return;
      if (runs.length > MAX_COMPARED_RUNS)
        throw new Error(
          vscode.l10n.t('A page shows at most {0} runs; {1} are selected.', MAX_COMPARED_RUNS, runs.length),
        );
      const live = another ? false : await choosesModel(run);
      if (live === undefined) return;
      const name = another ? vscode.l10n.t('{0} runs', runs.length) : run.view.title;
      const target = await chooseTarget(`${name}.html`, {
        label: 'HTML',
        extension: 'html',
      });
      if (!target) return;
      const title = vscode.l10n.t('Exporting "{0}"', name);
      const html = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title },
        async () => (another ? comparisonPage(runs, services) : pageOf(run, live, services)),
      );
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(html));
      await offerToOpen(target);
    },
  };
}

async function chooseOne(services: Services, given: RunModel | undefined): Promise<RunModel | undefined> {
  return given ?? chooseRun(services, undefined, vscode.l10n.t('Select the run to export'), () => true);
}

/** Whether the page runs the model; undefined if the user cancels. Not asked where it cannot. */
async function choosesModel({ config }: RunModel): Promise<boolean | undefined> {
  if (!LIVE_TASKS.has(config.task.name)) return false;
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

/** The page of several runs, which shows nothing that their models have to be opened for. */
async function comparisonPage(runs: readonly RunModel[], { extensionUri }: Services): Promise<string> {
  return writePage({
    runs: runs.map(({ folder }) => ({ folder, passage: passageOfMany })),
    live: null,
    ...(await pageParts(extensionUri)),
  });
}

async function pageOf(run: RunModel, live: boolean, services: Services): Promise<string> {
  const { trainerOptions, extensionUri, log } = services;
  const { folder, config, view } = run;
  const parts = await pageParts(extensionUri);
  const exported = await askTrainer(trainerOptions(config.threads, view.backend?.name), {
    onError: (error) => log.error(error),
    ask: async (remote) => remote.exportModel({ folder, live, backends: trainerSettings().backends }),
  });
  return writePage({
    runs: [{ folder, passage: exported.passage }],
    live: exported.live && (await withKernels(exported.live, parts.programs)),
    ...parts,
  });
}

async function pageParts(extensionUri: vscode.Uri) {
  return {
    programs: await folderOfPart(extensionUri, 'pages'),
    product: packageJson.version,
    language: vscode.env.language,
    translations: vscode.l10n.bundle ?? {},
    warn: (problem: string) => void vscode.window.showWarningMessage(problem),
  };
}

/** Says that the page is saved, and opens it in the browser if the user wants to. */
async function offerToOpen(target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open');
  const saved = vscode.l10n.t('The page is saved: {0}', vscode.workspace.asRelativePath(target));
  if ((await vscode.window.showInformationMessage(saved, open)) === open) await vscode.env.openExternal(target);
}
