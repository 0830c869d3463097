import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LiveRun } from '../runs/liveRun.ts';
import { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { can, chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';

/** Commands for a run, except those that train it again. */
export function runCommands(services: Services): Commands {
  const { runs, panels } = services;

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
    deleteRun: async (argument) => {
      const run = await chooseRun(services, argument, vscode.l10n.t('Select the run to delete'), (each) =>
        can(services, each, 'delete'),
      );
      if (!run) return;
      const trashed = await runs.trash(run.id);
      await offerUndo(run.view.title, async () => runs.restore([trashed]));
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
    await vscode.window.showTextDocument(vscode.Uri.file(join(folder, 'run.json')), { preview: true });
  }
}

/** Says that a run was deleted, and brings it back if the user wants that. */
async function offerUndo(title: string, undo: () => Promise<void>): Promise<void> {
  const action = vscode.l10n.t('Undo');
  const text = vscode.l10n.t('The run "{0}" was moved to the trash.', title);
  if ((await vscode.window.showInformationMessage(text, action)) === action) await undo();
}
