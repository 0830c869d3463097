import * as vscode from 'vscode';
import type { DataInspection } from '../../protocol/dataInspection.ts';
import type { DataSet } from '../dataSets/dataPanel.ts';
import { trainingFor } from '../../protocol/trainingFor.ts';
import { beginTraining } from '../runs/beginTraining.ts';
import type { Services } from '../services.ts';
import { withinTrust } from '../trust.ts';
import { chooseHowToTrain } from './howToTrain.ts';
import type { Commands } from './command.ts';
import { settingsFor } from '../settings.ts';
import { pathOf } from '../uris.ts';
import { resolveTarget } from './target.ts';

/** "Inspect data set", for a file or folder. */
export function inspectDataCommands({ data }: Pick<Services, 'data'>): Commands {
  return {
    inspectDataSet: async (argument) => {
      const set = await targetDataSet(argument);
      if (set) data.show(set);
      return set?.name;
    },
  };
}

/**
 * File or folder that a command was called on, otherwise the active one. @returns undefined if the user selects nothing
 */
export async function targetDataSet(argument: unknown): Promise<DataSet | undefined> {
  return (await folderOf(argument)) ?? resolveTarget(argument);
}

/** A folder that the user right-clicked. */
async function folderOf(argument: unknown): Promise<DataSet | undefined> {
  const path = argument instanceof vscode.Uri ? pathOf(argument) : undefined;
  if (!(argument instanceof vscode.Uri) || path === undefined) return undefined;
  const { type } = await vscode.workspace.fs.stat(argument);
  if ((type & vscode.FileType.Directory) === 0) return undefined;
  return { source: { kind: 'file', path }, name: argument.path.replace(/^.*\//, ''), uri: argument };
}

/** Asks how to train on an inspected data set and starts. @returns the id of the run */
export async function trainOnData(
  services: Pick<Services, 'runs' | 'panels' | 'forms' | 'extensionUri' | 'log'>,
  { source, name, uri }: DataSet,
  inspection: DataInspection,
): Promise<string | undefined> {
  const defaults = trainingFor(inspection, settingsFor(uri));
  const title = vscode.l10n.t('Train on {0}', name);
  return chooseHowToTrain({
    title,
    defaults,
    problem: undefined,
    extensionUri: services.extensionUri,
    begin: async (chosen) => beginTraining(services, { ...withinTrust(chosen), source, name }),
    edit: async () => services.forms.edit({ title, start: defaults, data: { source, name } }),
  });
}
