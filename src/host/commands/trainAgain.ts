import * as vscode from 'vscode';
import { copyConfig } from '../copyConfig.ts';
import { begunOrWaiting } from '../runs/beginTraining.ts';
import { sourceOf } from '../runs/runSource.ts';
import type { Services } from '../services.ts';
import { can, chooseRun } from './chooseRun.ts';
import { refuseNative } from '../trust.ts';
import type { Commands } from './command.ts';
import type { RunModel } from '../runs/runModel.ts';
import { resolveTarget } from './target.ts';

/**
 * "Run again", "Train again with changes", "Train further" and "Copy configuration": use the settings of a run for another one. The new
 * run stores its parent and opens next to it in the tab "Compare".
 */
export function trainAgainCommands(services: Services): Commands {
  const { forms, runs, panels, log } = services;
  return {
    runAgain: async (argument) => {
      const run = await chooseRun(services, argument, vscode.l10n.t('Select the run to repeat'), (each) =>
        can(services, each, 'repeat'),
      );
      if (!run) return undefined;
      refuseNative(run.view.backend?.name);
      const repeated = runs.repeat(run);
      panels.show(repeated.run);
      return begunOrWaiting(repeated, log);
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
        run: { id: run.id, name, weights: null },
      });
    },
    trainFurther: async (argument) => {
      const run = await chooseRun(
        services,
        argument,
        vscode.l10n.t('Select the run to train further on another text'),
        (each) => can(services, each, 'repeat') && canTrainFurther(each),
      );
      if (!run) return undefined;
      if (!canTrainFurther(run))
        throw new Error(
          vscode.l10n.t('Only recurrent language models and classifiers can be trained further on other data.'),
        );
      refuseNative(run.view.backend?.name);
      const target = await resolveTarget(undefined, services.extensionUri);
      if (!target) return undefined;
      const { source, name } = target;
      return forms.edit({
        title: vscode.l10n.t('Train the model of {0} further on {1}', run.view.name, name),
        start: { ...run.config, data: { ...run.config.data, train: '', validation: '' } },
        data: { source, name },
        run: { id: run.id, name: run.view.name, weights: run.folder },
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

/** Whether another run can begin with the weights of a run. */
function canTrainFurther({ config: { task, model } }: RunModel): boolean {
  return model.family === 'recurrent' && (task.name === 'language-model' || task.name === 'classification');
}
