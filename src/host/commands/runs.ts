import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LiveRun } from '../runs/liveRun.ts';
import { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { can, chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';

/** What can be done with a run, but for training it again. */
export function runCommands(services: Services): Commands {
  const { runs, panels } = services;

  /** A run that trains in this window, chosen for `verb`. */
  const chooseLive = async (
    argument: unknown,
    capability: 'pause' | 'continue' | 'stop',
    placeholder: string,
  ): Promise<LiveRun | undefined> => {
    const run = await chooseRun(services, argument, placeholder, (each) => can(services, each, capability));
    if (!run) return undefined;
    const live = runs.liveRun(run.id);
    if (!live) throw new Error(vscode.l10n.t('"{0}" is not being trained in this window.', run.view.name));
    return live;
  };

  return {
    pauseRun: async (argument) => (await chooseLive(argument, 'pause', vscode.l10n.t('Pause which run?')))?.pause(),
    continueRun: async (argument) =>
      (await chooseLive(argument, 'continue', vscode.l10n.t('Continue which run?')))?.unpause(),
    stopRun: async (argument) => (await chooseLive(argument, 'stop', vscode.l10n.t('Stop which run?')))?.stop(),

    openRun: async (argument) => {
      const run = await chooseRun(services, argument, vscode.l10n.t('Open which run?'), () => true);
      if (run) panels.show(run);
    },
    showPanel: async () => {
      await runs.refresh();
      const live = runs.live.map(({ model }) => model);
      const run = await chooseRun(
        services,
        undefined,
        vscode.l10n.t('Show which run?'),
        (each) => live.length === 0 || live.includes(each),
      );
      if (run) panels.show(run);
    },
    revealRun: async (argument) => {
      const folder = isFolder(argument)
        ? argument.folder
        : (await chooseRun(services, argument, vscode.l10n.t('Reveal which run?'), () => true))?.folder;
      if (folder !== undefined) await reveal(folder);
    },
    deleteRun: async (argument) => {
      const run = await chooseRun(services, argument, vscode.l10n.t('Delete which run?'), (each) =>
        can(services, each, 'delete'),
      );
      if (run && (await confirmsDeletion(run))) await runs.delete(run.id);
    },
  };
}

/** A run, or a folder of the store that cannot be read as one. */
function isFolder(argument: unknown): argument is { readonly folder: string } {
  return argument instanceof RunModel || (typeof argument === 'object' && argument !== null && 'folder' in argument);
}

/** Shows a run's folder in the file manager; where the window runs elsewhere, its record in the editor. */
async function reveal(folder: string): Promise<void> {
  if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));
  } else {
    await vscode.window.showTextDocument(vscode.Uri.file(join(folder, 'run.json')), { preview: true });
  }
}

async function confirmsDeletion(run: RunModel): Promise<boolean> {
  const remove = vscode.l10n.t('Delete');
  const detail = vscode.l10n.t('Its checkpoints, metrics and model are deleted for good: {0}', run.folder);
  const question = vscode.l10n.t('Delete the run on "{0}"?', run.view.name);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) === remove;
}
