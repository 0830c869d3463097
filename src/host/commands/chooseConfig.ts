import * as vscode from 'vscode';
import type { RunConfig } from '../../config/schema.ts';
import { summarize, summarizeTraining } from '../runs/summary.ts';
import { chooseConfigFile } from './configFile.ts';
import { editConfig } from './editConfig.ts';
import { BACK, pickStep } from './quickInput.ts';
import { showModel } from '../views/modelDocument.ts';

interface Choice extends vscode.QuickPickItem {
  readonly choose: () => Promise<RunConfig | typeof BACK | undefined>;
}

/**
 * Asks how to train; Enter accepts the defaults.
 * @param name name of the data
 * @param extensionUri folder of the extension, which contains sample configurations
 * @returns undefined if the user dismissed it
 */
export async function chooseConfig(
  name: string,
  defaults: RunConfig,
  extensionUri: vscode.Uri,
): Promise<RunConfig | undefined> {
  const title = vscode.l10n.t('Train LSTM on {0}', name);
  const items: readonly Choice[] = [
    {
      label: `$(play) ${vscode.l10n.t('Start with these settings')}`,
      description: summarize(defaults),
      detail: summarizeTraining(defaults),
      choose: async () => defaults,
    },
    {
      label: `$(edit) ${vscode.l10n.t('Change cell, sizes, learning rate, steps, seed...')}`,
      choose: async () => editConfig(defaults, title),
    },
    {
      label: `$(list-tree) ${vscode.l10n.t('Show the model...')}`,
      detail: vscode.l10n.t('Layers, shapes and parameters with PyTorch names, and the network unrolled over time'),
      choose: async () => {
        await showModel(defaults);
        return BACK;
      },
    },
    {
      label: `$(json) ${vscode.l10n.t('Use a configuration file...')}`,
      description: '*.sequence-lab.json',
      choose: async () => {
        const chosen = await chooseConfigFile(title, extensionUri, true);
        return chosen === undefined || chosen === BACK ? chosen : chosen.config;
      },
    },
  ];
  for (;;) {
    const placeholder = vscode.l10n.t('Press Enter to start training with these settings');
    const chosen = await pickStep({ title, back: false, placeholder, items });
    if (chosen === undefined || chosen === BACK) return undefined;
    const config = await chosen.choose();
    if (config !== BACK) return config;
  }
}
