import * as vscode from 'vscode';
import { ConfigError } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { HelpfulError } from '../helpfulError.ts';
import { defaultConfig, SECTION } from '../settings.ts';

/** The configuration that a run on a file starts from. @throws HelpfulError that leads to the setting that is wrong */
export function settingsFor(uri: vscode.Uri): RunConfig {
  try {
    return defaultConfig(uri);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const action = { title: vscode.l10n.t('Open Settings'), command: 'workbench.action.openSettings', args: [SECTION] };
    throw new HelpfulError(vscode.l10n.t('A setting of Sequence Lab is wrong. {0}', error.message), action, {
      cause: error,
    });
  }
}
