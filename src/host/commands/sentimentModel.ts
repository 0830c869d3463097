import * as vscode from 'vscode';
import { bundledModel, isClassifier, MODEL_SETTING, useModel } from '../classification/modelInUse.ts';
import { describeRun } from '../runs/describe.ts';
import { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { SECTION } from '../settings.ts';
import type { Commands } from './command.ts';
import { plainLabel } from '../plainLabel.ts';

interface ModelItem extends vscode.QuickPickItem {
  readonly run: RunModel | undefined;
}

/** Commands that select the model for "Classify sentiment". */
export function sentimentModelCommands({ runs, panels }: Pick<Services, 'runs' | 'panels'>): Commands {
  return {
    chooseSentimentModel: async () => {
      await runs.refresh();
      const now = vscode.workspace.getConfiguration(SECTION).get(MODEL_SETTING, '');
      const icon = (id: string) => `$(${id === now ? 'check' : 'blank'})`;
      const bundled: ModelItem = {
        label: `${icon('')} ${bundledModel().name}`,
        description: vscode.l10n.t('Positive or negative, English'),
        detail: vscode.l10n.t('Bidirectional LSTM, included in the extension'),
        run: undefined,
      };
      const own = runs.runs.filter(isClassifier).map((run): ModelItem => ({
        label: `${icon(run.id)} ${plainLabel(run.view.title)}`,
        description: describeRun(run),
        detail: run.view.summary,
        run,
      }));
      const placeHolder =
        own.length > 0
          ? vscode.l10n.t('Select the model for Classify sentiment')
          : vscode.l10n.t(
              'Select the model for Classify sentiment. Train your own with "Train classifier on data set"',
            );
      const chosen = await vscode.window.showQuickPick([bundled, ...own], {
        placeHolder,
        matchOnDescription: true,
        matchOnDetail: true,
      });
      if (chosen) await useModel(chosen.run);
    },

    useForClassifySentiment: async (argument) => {
      const run =
        argument instanceof RunModel ? argument : typeof argument === 'string' ? runs.run(argument) : panels.activeRun;
      if (!run || !isClassifier(run))
        throw new Error(vscode.l10n.t('Select a run that was trained to classify texts.'));
      await useModel(run);
      void vscode.window.showInformationMessage(
        vscode.l10n.t('"Classify sentiment" now uses the model of "{0}".', run.view.title),
      );
    },
  };
}
