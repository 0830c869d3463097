import * as vscode from 'vscode';
import { ConfigError } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { HelpfulError } from '../helpfulError.ts';
import type { Services } from '../services.ts';
import { defaultConfig, SECTION } from '../settings.ts';
import { withinTrust } from '../trust.ts';
import { chooseConfig } from './chooseConfig.ts';
import type { Commands } from './command.ts';
import { resolveTarget } from './target.ts';

/** "Train LSTM on file". */
export function trainCommands({ runs, panels }: Services): Commands {
  return {
    trainLstmOnFile: async (argument) => {
      const target = await resolveTarget(argument);
      if (!target) return undefined;
      const defaults = settingsFor(target.uri);
      const prepared = panels.prepare(target.name);
      const begin = async () => {
        const chosen = await chooseConfig(target.name, defaults);
        if (!chosen) return undefined;
        const { config, notices } = withinTrust(chosen);
        const { run, ready } = runs.start({ config, notices, source: target.source, name: target.name });
        await Promise.all([ready, panels.showIn(prepared, run)]);
        return run.id;
      };
      const id = await begin().catch((error: unknown) => {
        prepared.panel.dispose();
        throw error;
      });
      if (id === undefined) prepared.panel.dispose();
      return id;
    },
  };
}

function settingsFor(uri: vscode.Uri): RunConfig {
  try {
    return defaultConfig(uri);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const action = { title: vscode.l10n.t('Open Settings'), command: 'workbench.action.openSettings', args: [SECTION] };
    throw new HelpfulError(vscode.l10n.t('A setting of Sequence Lab is wrong. {0}', error.message), action, { cause: error });
  }
}
