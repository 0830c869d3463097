import * as vscode from 'vscode';
import { HelpfulError } from '../helpfulError.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';
import { SECTION } from '../settings.ts';

/** Setting with the id of the run whose model classifies; empty for the bundled model. */
export const MODEL_SETTING = 'sentiment.model';

export const bundledModel = (): ClassifierModel => ({
  name: vscode.l10n.t('bundled'),
  folder: null,
  showsGates: false,
  version: '',
});

/** The model that classifies under the current settings. @throws HelpfulError if its run no longer exists */
export async function modelInUse(runs: RunManager): Promise<ClassifierModel> {
  const id = vscode.workspace.getConfiguration(SECTION).get(MODEL_SETTING, '');
  if (id === '') return bundledModel();
  if (!runs.run(id)) await runs.refresh();
  const run = runs.run(id);
  if (run && isClassifier(run)) return modelOf(run);
  const message = run
    ? vscode.l10n.t('The run "{0}" was not trained to classify texts. Choose another model.', id)
    : vscode.l10n.t(
        'The run "{0}", whose model is selected for Classify sentiment, no longer exists. Choose another model.',
        id,
      );
  throw new HelpfulError(message, {
    title: vscode.l10n.t('Choose model'),
    command: 'sequenceLab.chooseSentimentModel',
  });
}

/** True if a run trains a text classifier and has saved a model. */
export function isClassifier({ config, step }: RunModel): boolean {
  return config.task.name === 'classification' && step > 0;
}

/** Selects the model of a run, or the bundled model for undefined, for classification. */
export async function useModel(run: RunModel | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration(SECTION)
    .update(MODEL_SETTING, run?.id ?? '', vscode.ConfigurationTarget.Global);
}

function modelOf(run: RunModel): ClassifierModel {
  const { family, bidirectional, pooling } = run.config.model;
  const showsGates = family === 'recurrent' && !bidirectional && pooling === 'last';
  return { name: run.view.name, folder: run.folder, showsGates, version: String(run.step) };
}

/** A text classifier that can be loaded. */
export interface ClassifierModel {
  readonly name: string;
  /** Folder of the run that trained it; null for the bundled model. */
  readonly folder: string | null;
  /** True if its gates can be shown on a text: it reads forward and answers from its last state. */
  readonly showsGates: boolean;
  /** Changes when the run is trained further. */
  readonly version: string;
}
