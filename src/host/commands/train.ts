import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { RunConfig } from '../../config/schema.ts';
import { tasks } from '../../config/tasks.ts';
import type { RunSource } from '../../protocol/trainer.ts';
import type { Services } from '../services.ts';
import { withinTrust } from '../trust.ts';
import { chooseConfig } from './chooseConfig.ts';
import { chooseConfigFile } from './configFile.ts';
import { chooseData } from './chooseData.ts';
import type { Commands } from './command.ts';
import { settingsFor } from '../settings.ts';
import { BACK } from './quickInput.ts';
import { resolveTarget, type Target } from './target.ts';

/** "Train LSTM on file" and "Train from configuration". */
export function trainCommands({ runs, panels, extensionUri, inspectData }: Services): Commands {
  /** Opens a panel while the user decides, and starts the selected run in it. */
  const train = async (title: string, choose: () => Promise<Chosen | undefined>) => {
    const prepared = panels.prepare(title);
    const begin = async () => {
      const chosen = await choose();
      if (!chosen) return undefined;
      const { config, notices } = withinTrust(chosen.config);
      const { source, name, notices: taken = [] } = chosen;
      const { run, ready } = runs.start({ config, notices: [...taken, ...notices], source, name });
      await Promise.all([ready, panels.showIn(prepared, run)]);
      return run.id;
    };
    const id = await begin().catch((error: unknown) => {
      prepared.panel.dispose();
      throw error;
    });
    if (id === undefined) prepared.panel.dispose();
    return id;
  };

  return {
    trainLstmOnFile: async (argument) => {
      const target = await resolveTarget(argument);
      if (!target) return undefined;
      const defaults = settingsFor(target.uri);
      return train(target.name, async () => {
        const config = await chooseConfig(target.name, defaults, extensionUri);
        return config && (generatedTraining(config) ?? { config, ...target });
      });
    },
    trainFromConfiguration: async () => {
      const title = vscode.l10n.t('Train from configuration');
      return train(title, async () => {
        const chosen = await chooseConfigFile(title, extensionUri, false);
        if (!chosen || chosen === BACK) return undefined;
        const { config } = chosen;
        const complete = trainingWithoutTarget(config);
        if (complete) return complete;
        const target = await chooseData(chosen, { extensionUri, inspect: inspectData });
        return target && { config, ...target, notices: [describeTaken(target, chosen.title)] };
      });
    },
  };
}

/** Configuration and data of a new run. */
interface Chosen {
  readonly config: RunConfig;
  readonly source: RunSource;
  readonly name: string;
  /** Sentences about the choice that the panel shows. */
  readonly notices?: readonly string[];
}

/** Names the data that were chosen for a configuration. */
function describeTaken({ source, name }: Target, title: string): string {
  return source.kind === 'file'
    ? vscode.l10n.t('"{0}" is trained on {1}.', title, source.path)
    : vscode.l10n.t('"{0}" is trained on the open text {1}.', title, name);
}

/** New run of a configuration that names its training file, or whose task generates its data. */
export function trainingWithoutTarget(config: RunConfig): Chosen | undefined {
  const { train } = config.data;
  return (
    generatedTraining(config) ??
    (train === '' ? undefined : { config, source: { kind: 'file', path: train }, name: basename(train) })
  );
}

/** New run of a task that generates its data; undefined for other tasks. */
function generatedTraining(config: RunConfig): Chosen | undefined {
  const { generated, title } = tasks[config.task.name];
  return generated ? { config, source: { kind: 'generated' }, name: title } : undefined;
}
