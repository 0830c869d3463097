import * as vscode from 'vscode';
import { configFields } from '../config/fields.ts';
import { ConfigError, parseRunConfig, setField } from '../config/parse.ts';
import type { RunConfig } from '../config/schema.ts';
import type { BackendOptions } from '../protocol/trainer.ts';
import { labHome } from '../runs/home.ts';
import { HelpfulError } from './helpfulError.ts';
import { inBrowser } from './runtime.ts';
import { pathOf } from './uris.ts';

/** Section of all settings. */
export const SECTION = 'sequenceLab';

/**
 * Default configuration of a new run: the settings on top of the built-in defaults.
 * @param scope file to train on; a folder may have its own settings
 * @throws ConfigError that names each invalid setting
 */
export function defaultConfig(scope?: vscode.Uri): RunConfig {
  const settings = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const config = configFields.reduce<object>((result, { path }) => {
    const value = settings.get(path);
    return value === undefined ? result : setField(result, path, value);
  }, {});
  return parseRunConfig(config);
}

/** Whether runs that a closing window interrupted continue in the next one: after a question, always or never. */
const continueChoices = ['ask', 'always', 'never'] as const;

export type ContinueChoice = (typeof continueChoices)[number];

export function continueAfterReload(): ContinueChoice {
  const value = vscode.workspace.getConfiguration(SECTION).get('continueAfterReload');
  return continueChoices.find((choice) => choice === value) ?? 'ask';
}

/** Settings of trainers. A workspace cannot set them. */
export interface TrainerSettings {
  readonly isolation: 'process' | 'host';
  readonly backends: BackendOptions;
  /** Whether runs write TensorBoard events while they train. */
  readonly tensorboard: boolean;
  /** Number of runs that train at the same time; 0 leaves the choice to the number of processors. */
  readonly parallelRuns: number;
  /** Node for WebGPU; empty leaves the choice to `findNode`. */
  readonly nodePath: string;
}

export function trainerSettings(): TrainerSettings {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const isolation = inBrowser || settings.get('trainer.isolation') === 'host' ? 'host' : 'process';
  return {
    isolation,
    nodePath: settings.get('nodePath', ''),
    parallelRuns: settings.get('parallelRuns', 0),
    tensorboard: settings.get('export.tensorboard', false),
    backends: {
      home: labHome(inBrowser ? '' : settings.get('home', '')),
      tensorflowPath: settings.get('tensorflowPath', ''),
      // The flag affects the whole process: never set it in the extension host.
      ownProcess: isolation === 'process',
      wideSimd: isolation === 'process' && settings.get('trainer.wideSimd', true),
      ...trustedWorkspace(),
    },
  };
}

/** Folder whose commit is recorded with a run. Git may run programs that a repository names, so it has to be trusted. */
function trustedWorkspace(): Pick<BackendOptions, 'workspace'> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const path = folder && pathOf(folder.uri);
  return vscode.workspace.isTrusted && path !== undefined ? { workspace: path } : {};
}

/** Default configuration of a run on a file. @throws HelpfulError that opens the invalid setting */
export function settingsFor(uri: vscode.Uri): RunConfig {
  try {
    return defaultConfig(uri);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const action = { title: vscode.l10n.t('Open settings'), command: 'workbench.action.openSettings', args: [SECTION] };
    throw new HelpfulError(vscode.l10n.t('A setting of Sequence Lab is invalid. {0}', error.message), action, {
      cause: error,
    });
  }
}
