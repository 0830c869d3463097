import * as vscode from 'vscode';
import packageJson from '../../../package.json' with { type: 'json' };
import type { AgentLab, Trainers, Trainings } from '../../agents/context.ts';
import { asShown } from '../commands/target.ts';
import type { Services } from '../services.ts';
import { folderOfPart } from '../extensionFiles.ts';
import { defaultConfig, trainerSettings } from '../settings.ts';
import { askTrainer } from '../trainerClient/askTrainer.ts';
import { ClassifierClient } from '../trainerClient/trainerClient.ts';
import { workspaceFolders } from './workspaceFolders.ts';
import { uriOf } from '../uris.ts';

export interface HostLabOptions {
  readonly services: Pick<Services, 'trainerOptions' | 'extensionUri' | 'log'>;
  readonly trainings: Trainings;
  /** File outside of the workspace that the user has open, and that the call is about. */
  readonly openFile?: string | undefined;
}

/** The extension host as the tools of agents see it, with trainers for questions that are about no stored run. */
export async function hostLab({ services, trainings, openFile }: HostLabOptions): Promise<AgentLab> {
  const { extensionUri } = services;
  return {
    home: trainerSettings().backends.home,
    workspace: [...workspaceFolders(), ...(openFile === undefined ? [] : [openFile])],
    isTrusted: vscode.workspace.isTrusted,
    defaults: (path) => defaultConfig(path === undefined ? undefined : uriOf(path)),
    sourceOf: async (path) => asShown({ kind: 'file', path }),
    product: {
      programs: await folderOfPart(extensionUri, 'pages'),
      media: await folderOfPart(extensionUri, 'programs'),
      version: packageJson.version,
      language: vscode.env.language,
      translations: vscode.l10n.bundle ?? {},
    },
    trainers: hostTrainers(services),
    trainings,
  };
}

/**
 * Processes that answer questions of agents.
 * @param backend that of the run that is asked about, if there is one: it decides which process can load it
 */
export function hostTrainers(
  { trainerOptions, log }: Pick<Services, 'trainerOptions' | 'log'>,
  backend?: string,
): Trainers {
  const onError = (error: Error) => log.error(error);
  return {
    ask: async ({ ask, threads, ...question }) =>
      askTrainer(trainerOptions(threads, backend), {
        ...question,
        ask: async (remote) => ask(remote, trainerSettings().backends),
        onError,
      }),
    classify: async ({ ask, signal }) => {
      signal.throwIfAborted();
      const classifier = ClassifierClient.start(trainerOptions(0, backend), { died: () => undefined, error: onError });
      const end = () => void classifier.dispose();
      signal.addEventListener('abort', end);
      try {
        return await ask(classifier.remote, trainerSettings().backends);
      } finally {
        signal.removeEventListener('abort', end);
        await classifier.dispose();
      }
    },
  };
}
