import * as vscode from 'vscode';
import { copyConfig } from '../copyConfig.ts';
import { sourceOf } from '../runs/runSource.ts';
import type { Services } from '../services.ts';
import { can, chooseRun } from './chooseRun.ts';
import { refuseNative } from '../trust.ts';
import type { Commands } from './command.ts';

/**
 * "Run again", "Train again with changes" and "Copy configuration": use the settings of a run for another one. The new
 * run stores its parent and opens next to it in the tab "Compare".
 */
export function trainAgainCommands(services: Services): Commands {
  const { forms, runs, panels } = services;
  return {
    runAgain: async (argument) => {
      const run = await chooseRun(services, argument, vscode.l10n.t('Select the run to repeat'), (each) =>
        can(services, each, 'repeat'),
      );
      if (!run) return undefined;
      refuseNative(run.view.backend?.name);
      const repeated = runs.repeat(run);
      panels.show(repeated.run);
      await repeated.ready;
      return repeated.run.id;
    },
    trainAgain: async (argument) => {
      const run = await chooseRun(services, argument, vscode.l10n.t('Select the run to train again'), () => true);
      if (!run) return undefined;
      // Fails before the user has changed settings if the data is missing.
      const source = await sourceOf(run);
      const { name } = run.view;
      return forms.edit({
        title: vscode.l10n.t('Train again on {0}', name),
        start: run.config,
        data: { source, name },
        run: { id: run.id, name },
      });
    },
    copyConfiguration: async (argument) => {
      const run = await chooseRun(
        services,
        argument,
        vscode.l10n.t('Select the run whose configuration to copy'),
        () => true,
      );
      if (!run) return;
      await copyConfig(run.config, run.view.title);
    },
  };
}
