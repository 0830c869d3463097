import { join } from 'node:path';
import * as vscode from 'vscode';
import { MAX_COMPARED_RUNS } from '../../protocol/comparison.ts';
import type { TrashedRun } from '../../runs/trash.ts';
import type { LiveRun } from '../runs/liveRun.ts';
import { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { trainerSettings } from '../settings.ts';
import { askTrainer } from '../trainerClient/askTrainer.ts';
import { can, chooseRun, chooseRuns } from './chooseRun.ts';
import type { Commands } from './command.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';
import { RECORD_FILE } from '../../runs/record.ts';
import { uriOf } from '../uris.ts';

/** Commands for a run, except those that train it again. */
export function runCommands(services: Services): Commands {
  const { runs, panels, trainerOptions, log } = services;

  /** Run that is training in this window, selected by the user if necessary. */
  const chooseLive = async (
    argument: unknown,
    capability: 'pause' | 'continue' | 'stop',
    placeholder: string,
  ): Promise<LiveRun | undefined> => {
    const run = await chooseRun(services, argument, placeholder, (each) => can(services, each, capability));
    if (!run) return undefined;
    const live = runs.liveRun(run.id);
    if (!live) throw new Error(vscode.l10n.t('The run "{0}" is not training in this window.', run.view.title));
    return live;
  };

  return {
    pauseRun: async (argument) =>
      (await chooseLive(argument, 'pause', vscode.l10n.t('Select the run to pause')))?.pause(),
    continueRun: async (argument) =>
      (await chooseLive(argument, 'continue', vscode.l10n.t('Select the run to continue')))?.unpause(),
    stopRun: async (argument) => (await chooseLive(argument, 'stop', vscode.l10n.t('Select the run to stop')))?.stop(),

    openRun: async (argument) => {
      const run = await chooseRun(services, argument, vscode.l10n.t('Select the run to open'), () => true);
      if (run) panels.show(run);
    },
    showPanel: async () => {
      await runs.refresh();
      const live = runs.live.map(({ model }) => model);
      const run = await chooseRun(
        services,
        undefined,
        vscode.l10n.t('Select the run to show'),
        (each) => live.length === 0 || live.includes(each),
      );
      if (run) panels.show(run);
    },
    revealRun: async (argument) => {
      const folder = isFolder(argument)
        ? argument.folder
        : (await chooseRun(services, argument, vscode.l10n.t('Select the run to reveal'), () => true))?.folder;
      if (folder !== undefined) await reveal(folder);
    },
    compareRuns: async (...args) => {
      const chosen = await chooseRuns(services, args, { placeHolder: vscode.l10n.t('Select the runs to compare') });
      if (chosen.length === 0) return;
      if (chosen.length < 2 || chosen.length > MAX_COMPARED_RUNS)
        throw new Error(vscode.l10n.t('Select from 2 to {0} runs to compare.', MAX_COMPARED_RUNS));
      panels.compare(chosen);
    },
    restoreModel: async (argument) => {
      const run = await chooseRun(
        services,
        argument,
        vscode.l10n.t('Select the run whose model to restore'),
        () => true,
      );
      if (!run) return;
      const { folder } = run;
      const title = vscode.l10n.t('Restoring the model of "{0}"', run.view.title);
      const done = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title },
        async () =>
          askTrainer(trainerOptions(0), {
            ask: async (remote) => remote.restoreModel({ folder, backends: trainerSettings().backends }),
            onError: (error) => log.error(error),
          }),
      );
      await runs.refresh();
      void vscode.window.showInformationMessage(say(done));
    },
    archiveRuns: async (...args) => {
      const chosen = await chooseRuns(services, args, {
        placeHolder: vscode.l10n.t('Select the runs to archive'),
        fits: ({ annotations }) => !annotations.archived,
      });
      if (chosen.length === 0) return;
      const archive = async (archived: boolean) => {
        for (const { id } of chosen) await runs.annotate(id, { archived });
      };
      await archive(true);
      const [run] = chosen;
      const text =
        run && chosen.length === 1
          ? vscode.l10n.t('The run "{0}" is archived. The page Runs shows it with "Archived".', run.view.title)
          : vscode.l10n.t('{0} runs are archived. The page Runs shows them with "Archived".', chosen.length);
      await offerUndo(text, async () => archive(false));
    },
    deleteRun: async (argument, selected) => {
      const many = [argument, selected].some((each) => Array.isArray(each) && each.length > 1);
      if (many) return deleteRuns(services, await chooseRuns(services, [argument, selected], { placeHolder: '' }));
      const run = await chooseRun(services, argument, vscode.l10n.t('Select the run to delete'), (each) =>
        can(services, each, 'delete'),
      );
      if (run) await deleteRuns(services, [run]);
    },
  };
}

/** True for a run, or for a folder of the store that is not a readable run. */
function isFolder(argument: unknown): argument is { readonly folder: string } {
  return argument instanceof RunModel || (typeof argument === 'object' && argument !== null && 'folder' in argument);
}

/** Shows the folder of a run in the file manager, or its record in the editor if the window is remote. */
async function reveal(folder: string): Promise<void> {
  if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));
  } else {
    await vscode.window.showTextDocument(uriOf(join(folder, RECORD_FILE)), { preview: true });
  }
}

/** Moves runs to the trash, and offers to bring them back. @throws Error that names the runs that stay, and why */
async function deleteRuns({ runs }: Services, chosen: readonly RunModel[]): Promise<void> {
  const trashed: TrashedRun[] = [];
  const failures: string[] = [];
  for (const { id, view } of chosen) {
    try {
      trashed.push(await runs.trash(id));
    } catch (error) {
      failures.push(`${view.title}: ${say(textOf(error))}`);
    }
  }
  const [run] = chosen;
  const text =
    run && chosen.length === 1
      ? vscode.l10n.t('The run "{0}" was moved to the trash.', run.view.title)
      : vscode.l10n.t('{0} runs were moved to the trash.', trashed.length);
  const undone = trashed.length === 0 ? undefined : offerUndo(text, async () => runs.restore(trashed));
  const failed = async () => {
    if (failures.length > 0) throw new Error(vscode.l10n.t('Not deleted: {0}', failures.join(' ')));
  };
  // The error does not wait for the answer to the other message.
  await Promise.all([undone, failed()]);
}

/** Says what was done, and undoes it if the user wants that. */
async function offerUndo(text: string, undo: () => Promise<void>): Promise<void> {
  const action = vscode.l10n.t('Undo');
  if ((await vscode.window.showInformationMessage(text, action)) === action) await undo();
}
