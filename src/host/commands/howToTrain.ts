import * as vscode from 'vscode';
import type { RunConfig } from '../../config/schema.ts';
import { summarize, summarizeTraining } from '../../runs/summary.ts';
import { chooseConfigFile } from './configFile.ts';
import { BACK, pickStep } from './quickInput.ts';

interface Choice extends vscode.QuickPickItem {
  readonly choose: () => Promise<string | typeof BACK | undefined>;
}

export interface HowToTrain {
  readonly title: string;
  /** Configuration that Enter accepts. */
  readonly defaults: RunConfig;
  /** Why training cannot start with the defaults; undefined if nothing speaks against it. */
  readonly problem: string | undefined;
  /** Folder of the extension, which contains sample configurations. */
  readonly extensionUri: vscode.Uri;
  /** Starts a run. @returns its id */
  readonly begin: (config: RunConfig) => Promise<string>;
  /** Opens the form. @returns id of the run that the user starts in it */
  readonly edit: () => Promise<string | undefined>;
}

/**
 * Asks how to train, and starts the run; Enter accepts the defaults.
 * @returns id of the run; undefined if the user dismissed the question
 */
export async function chooseHowToTrain(options: HowToTrain): Promise<string | undefined> {
  const { title, defaults, problem, extensionUri, begin, edit } = options;
  const items: readonly Choice[] = [
    problem === undefined
      ? {
          label: `$(play) ${vscode.l10n.t('Start with these settings')}`,
          description: summarize(defaults),
          detail: summarizeTraining(defaults),
          choose: async () => begin(defaults),
        }
      : {
          label: `$(error) ${vscode.l10n.t('Training cannot start with these settings')}`,
          detail: problem,
          choose: async () => {
            throw new Error(problem);
          },
        },
    {
      label: `$(edit) ${vscode.l10n.t('Change cell, sizes, learning rate, steps, seed...')}`,
      detail: vscode.l10n.t('A form with all settings, their ranges, and a drawing of the model with its size'),
      choose: edit,
    },
    {
      label: `$(json) ${vscode.l10n.t('Use a configuration file...')}`,
      description: '*.sequence-lab.json',
      choose: async () => {
        const chosen = await chooseConfigFile(title, extensionUri, true);
        return chosen === undefined || chosen === BACK ? chosen : begin(chosen.config);
      },
    },
  ];
  for (;;) {
    const placeholder = problem ?? vscode.l10n.t('Press Enter to start training with these settings');
    const chosen = await pickStep({ title, back: false, placeholder, items });
    if (chosen === undefined || chosen === BACK) return undefined;
    const answer = await chosen.choose();
    if (answer !== BACK) return answer;
  }
}
