import { join } from 'node:path';
import * as vscode from 'vscode';
import { configFields } from '../config/fields.ts';
import { ConfigError, parseRunConfig, setField } from '../config/parse.ts';
import type { RunConfig } from '../config/schema.ts';
import type { BackendOptions } from '../protocol/trainer.ts';
import { labHome } from '../runs/home.ts';
import { HelpfulError } from './helpfulError.ts';

/** The section of all settings. */
export const SECTION = 'sequenceLab';

/**
 * The configuration that a new run starts from: the settings over the built-in defaults.
 * @param scope the file to be trained on; folders may have settings of their own
 * @throws ConfigError that names each setting that is wrong
 */
export function defaultConfig(scope?: vscode.Uri): RunConfig {
  const settings = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const config = configFields.reduce<object>((result, { path }) => {
    const value = settings.get(path);
    return value === undefined ? result : setField(result, path, value);
  }, {});
  return parseRunConfig(config);
}

/** How and where trainers run. None of these can be set by a workspace. */
export interface TrainerSettings {
  readonly isolation: 'process' | 'host';
  readonly backends: BackendOptions;
  /** The Node that WebGPU computes in; empty leaves the choice to `findNode`. */
  readonly nodePath: string;
}

export function trainerSettings(): TrainerSettings {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const isolation = settings.get('trainer.isolation') === 'host' ? 'host' : 'process';
  return {
    isolation,
    nodePath: settings.get('nodePath', ''),
    backends: {
      home: labHome(settings.get('home', '')),
      tensorflowPath: settings.get('tensorflowPath', ''),
      // A switch of the whole process: never in the one that other extensions live in.
      ownProcess: isolation === 'process',
      wideSimd: isolation === 'process' && settings.get('trainer.wideSimd', true),
    },
  };
}

/** The folder of the built programs. */
export function programsFolder(extensionUri: vscode.Uri): string {
  return join(extensionUri.fsPath, 'dist');
}

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
