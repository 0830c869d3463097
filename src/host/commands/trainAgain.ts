import * as vscode from 'vscode';
import { configDifference } from '../../config/configDifference.ts';
import { sourceOf } from '../runs/runSource.ts';
import type { Services } from '../services.ts';
import { withinTrust } from '../trust.ts';
import { chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';
import { editConfig } from './editConfig.ts';
import { BACK } from './quickInput.ts';

/**
 * "Train again with changes" and "Copy configuration": use the settings of a run for another one. The new run stores its
 * parent and opens next to it in the tab "Compare".
 */
export function trainAgainCommands(services: Services): Commands {
  const { runs, panels } = services;
  return {
    trainAgain: async (argument) => {
      const run = await chooseRun(services, argument, vscode.l10n.t('Select the run to train again'), () => true);
      if (!run) return undefined;
      // Fails before the user has changed settings if the data is missing.
      const source = await sourceOf(run);
      const edited = await editConfig(run.config, vscode.l10n.t('Train again on {0}', run.view.name));
      if (edited === undefined || edited === BACK) return undefined;
      const { config, notices } = withinTrust(edited);
      const { run: next, ready } = runs.start({
        config,
        notices,
        source,
        name: run.view.name,
        parent: { run: run.id, reason: 'again', changes: configDifference(run.config, config) },
      });
      panels.show(next, 'compare');
      await ready;
      return next.id;
    },
    copyConfiguration: async (argument) => {
      const run = await chooseRun(
        services,
        argument,
        vscode.l10n.t('Select the run whose configuration to copy'),
        () => true,
      );
      if (!run) return;
      await vscode.env.clipboard.writeText(`${JSON.stringify(run.config, undefined, 2)}\n`);
      vscode.window.setStatusBarMessage(
        vscode.l10n.t('The configuration of "{0}" is in the clipboard.', run.view.title),
        STATUS_MS,
      );
    },
  };
}

/** Milliseconds for which the status bar confirms a copy. */
const STATUS_MS = 5000;
