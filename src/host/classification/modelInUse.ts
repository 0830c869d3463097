import * as vscode from 'vscode';
import { HelpfulError } from '../helpfulError.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';
import { SECTION } from '../settings.ts';

/** The run whose model classifies; empty for the bundled one. */
export const MODEL_SETTING = 'sentiment.model';

export const bundledModel = (): ClassifierModel => ({
  name: vscode.l10n.t('bundled'),
  folder: null,
  showsGates: false,
  version: '',
});

/** The model that classifies, as the settings are now. @throws HelpfulError where its run is gone */
export async function modelInUse(runs: RunManager): Promise<ClassifierModel> {
  const id = vscode.workspace.getConfiguration(SECTION).get(MODEL_SETTING, '');
  if (id === '') return bundledModel();
  if (!runs.run(id)) await runs.refresh();
  const run = runs.run(id);
  if (run && isClassifier(run)) return modelOf(run);
  const message = run
    ? vscode.l10n.t('The run "{0}" was not trained to classify texts. Choose another model.', id)
    : vscode.l10n.t('The run "{0}", whose model classifies, is gone. Choose another model.', id);
  throw new HelpfulError(message, {
    title: vscode.l10n.t('Choose Model'),
    command: 'sequenceLab.chooseSentimentModel',
  });
}

/** Whether a run trains a classifier of texts, and has got as far as to have a model. */
export function isClassifier({ config, step }: RunModel): boolean {
  return config.task.name === 'classification' && step > 0;
}

/** Makes the model of a run the one that classifies; undefined the bundled one. */
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

/** A classifier of texts that can be used. */
export interface ClassifierModel {
  readonly name: string;
  /** Of the run that has trained it; null for the bundled model. */
  readonly folder: string | null;
  /** Whether its gates can be shown on a text: it walks forwards and answers from its last state. */
  readonly showsGates: boolean;
  /** Changes when the run has trained on. */
  readonly version: string;
}
