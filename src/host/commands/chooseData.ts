import { basename } from 'node:path';
import * as vscode from 'vscode';
import { describeNeed } from '../../protocol/configCard.ts';
import { dataNeeds, describeKind } from '../../protocol/dataNeeds.ts';
import type { DataInspection } from '../../protocol/dataInspection.ts';
import { type ChosenConfiguration, samplesFolder } from './configFile.ts';
import { BACK, pickStep } from './quickInput.ts';
import { activeUri, targetOf, type Target } from './target.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';
import { plainLabel } from '../plainLabel.ts';

interface DataOptions {
  readonly extensionUri: vscode.Uri;
  readonly inspect: (target: Target) => Promise<DataInspection>;
}

interface DataItem extends vscode.QuickPickItem {
  readonly choose: () => Promise<vscode.Uri | undefined>;
}

/**
 * Asks for the data of a configuration that names none: the open file, if its kind fits, a shipped text, or a file. Data
 * that do not fit are named with the reason, and the question is asked again.
 * @returns undefined if the user dismissed it
 */
export async function chooseData(
  configuration: ChosenConfiguration,
  { extensionUri, inspect }: DataOptions,
): Promise<Target | undefined> {
  const { config, sample, title } = configuration;
  const need = dataNeeds[config.task.name];
  const reasonAgainst = async (uri: vscode.Uri) => (need?.fits ? misfit(uri, need.fits, inspect) : undefined);
  const openUri = activeUri();
  let against = openUri && (await reasonAgainst(openUri));
  const items: DataItem[] = [
    ...(openUri && against === undefined
      ? [
          {
            label: `$(file) ${plainLabel(basename(openUri.path))}`,
            description: vscode.l10n.t('the open file'),
            choose: async () => openUri,
          },
        ]
      : []),
    ...(sample?.offers ?? []).map((name) => ({
      label: `$(book) ${name}`,
      description: vscode.l10n.t('sample text of Sequence Lab'),
      choose: async () => vscode.Uri.joinPath(samplesFolder(extensionUri), name),
    })),
    { label: `$(folder-opened) ${vscode.l10n.t('Choose a File...')}`, choose: async () => open(title, 'file') },
    ...(need?.folder
      ? [
          {
            label: `$(folder-opened) ${vscode.l10n.t('Choose a Folder...')}`,
            choose: async () => open(title, 'folder'),
          },
        ]
      : []),
  ];
  for (;;) {
    const needs = vscode.l10n.t('"{0}" needs {1}', title, describeNeed(config, sample));
    const placeholder = [against, needs].filter((sentence) => sentence !== undefined).join(' ');
    const chosen = await pickStep({ title: vscode.l10n.t('Data for "{0}"', title), back: false, placeholder, items });
    if (chosen === undefined || chosen === BACK) return undefined;
    const uri = await chosen.choose();
    if (!uri) return undefined;
    against = await reasonAgainst(uri);
    if (against === undefined) return targetOf(uri);
  }
}

/** Sentence about why a file or folder does not fit; undefined if it does. */
async function misfit(
  uri: vscode.Uri,
  fits: (inspection: DataInspection) => boolean,
  inspect: DataOptions['inspect'],
): Promise<string | undefined> {
  const name = basename(uri.path);
  try {
    const target = await targetOf(uri);
    const inspection = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading {0}', name) },
      async () => inspect(target),
    );
    return fits(inspection) ? undefined : vscode.l10n.t('"{0}" is {1}.', name, describeKind(inspection.kind));
  } catch (error) {
    return say(textOf(error));
  }
}

async function open(title: string, what: 'file' | 'folder'): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Data for "{0}"', title),
    openLabel: vscode.l10n.t('Train'),
    canSelectMany: false,
    canSelectFiles: what === 'file',
    canSelectFolders: what === 'folder',
  });
  return chosen?.[0];
}
