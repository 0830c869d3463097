import { basename } from 'node:path';
import * as vscode from 'vscode';
import { refuseIneffective } from '../../config/applicability.ts';
import { parseJson, parseRunConfig } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { describeCard } from '../../protocol/configCard.ts';
import { type Sample, samples } from '../../protocol/samples.ts';
import { BACK, pickStep } from './quickInput.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';
import { folderOf, withReadableData } from '../readableData.ts';
import { plainLabel } from '../plainLabel.ts';

const SUFFIX = '.sequence-lab.json';
const PATTERN = `**/*${SUFFIX}`;
/** Maximum number of files in the list. */
const MAX_FILES = 100;

/** A configuration that the user has chosen. */
export interface ChosenConfiguration {
  /** Title of a sample, otherwise the name of the file. */
  readonly title: string;
  readonly config: RunConfig;
  readonly sample?: Sample | undefined;
}

/** A configuration that a question has shown. What begins is what it has shown, whatever its file has become since. */
export class ShownConfiguration {
  readonly chosen: ChosenConfiguration;

  constructor(chosen: ChosenConfiguration) {
    this.chosen = chosen;
  }
}

interface FileItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
  readonly sample?: Sample | undefined;
}

/**
 * Lets the user select a configuration file of the workspace, a sample of the extension, or any other file. As on the
 * command line, missing fields have the built-in defaults.
 * @param back true to show a Back button
 * @throws ConfigError that names each field that is wrong or has no effect
 */
export async function chooseConfigFile(
  title: string,
  extensionUri: vscode.Uri,
  back: boolean,
): Promise<ChosenConfiguration | typeof BACK | undefined> {
  const found = await vscode.workspace.findFiles(PATTERN, '**/node_modules/**', MAX_FILES);
  const [workspaceItems, sampleItems] = await Promise.all([
    Promise.all(found.map(async (uri) => itemOf(uri, undefined))),
    readSamples(extensionUri),
  ]);
  const [withData, others] = [true, false].map((has) => sampleItems.filter((item) => item.hasData === has));
  const separator = (label: string): FileItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: FileItem[] = [
    ...(workspaceItems.length > 0 ? [separator(vscode.l10n.t('This workspace')), ...sorted(workspaceItems)] : []),
    separator(vscode.l10n.t('Samples with data')),
    ...sorted(withData ?? []),
    separator(vscode.l10n.t('Samples for your data')),
    ...sorted(others ?? []),
    separator(vscode.l10n.t('Other files')),
    { label: `$(folder-opened) ${vscode.l10n.t('Browse...')}`, alwaysShow: true },
  ];
  const placeholder = vscode.l10n.t('Select a configuration');
  const chosen = await pickStep({ title, back, placeholder, items });
  if (chosen === undefined || chosen === BACK) return chosen;
  const uri = chosen.uri ?? (await browse());
  if (!uri) return undefined;
  return configurationAt(uri, chosen.sample);
}

/** The configuration in a file. @throws ConfigError that names each field that is wrong or has no effect */
export async function configurationAt(uri: vscode.Uri, sample?: Sample): Promise<ChosenConfiguration> {
  const config = await withReadableData(folderOf(uri), await readConfig(uri));
  return { title: sample?.title() ?? basename(uri.path), config, sample };
}

/** The configuration of a file of the samples. @param name of the sample */
export async function sampleAt(uri: vscode.Uri, name: string): Promise<ChosenConfiguration> {
  return configurationAt(uri, samples[name]);
}

/** Sample configuration of the extension by its name without extension. */
export async function sampleConfig(extensionUri: vscode.Uri, name: string): Promise<RunConfig> {
  const uri = vscode.Uri.joinPath(samplesFolder(extensionUri), `${name}${SUFFIX}`);
  return withReadableData(folderOf(uri), await readConfig(uri));
}

/** Folder of the samples of the extension. */
export function samplesFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'media', 'samples');
}

/** Sample configurations of the extension as cards. */
async function readSamples(extensionUri: vscode.Uri): Promise<(FileItem & { readonly hasData: boolean })[]> {
  const folder = samplesFolder(extensionUri);
  // A browser may have the extension from a server that lists no folders.
  return Promise.all(
    Object.entries(samples).map(async ([name, sample]) =>
      itemOf(vscode.Uri.joinPath(folder, `${name}${SUFFIX}`), sample),
    ),
  );
}

/** Card of a configuration file. A file that is not valid is listed with its error, which selecting it repeats. */
async function itemOf(
  uri: vscode.Uri,
  sample: Sample | undefined,
): Promise<FileItem & { readonly label: string; readonly hasData: boolean }> {
  const label = sample?.title() ?? plainLabel(vscode.workspace.asRelativePath(uri));
  try {
    const { description, detail, hasData } = describeCard(await readConfig(uri), sample);
    return { label, description, detail, hasData, uri, sample };
  } catch (error) {
    const detail = say(textOf(error));
    return { label, description: vscode.l10n.t('not valid'), detail, hasData: false, uri, sample };
  }
}

function sorted<T extends FileItem>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => a.label.localeCompare(b.label));
}

async function browse(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({ canSelectMany: false, filters: { 'Sequence Lab': ['json'] } });
  return chosen?.[0];
}

async function readConfig(uri: vscode.Uri): Promise<RunConfig> {
  const document = await vscode.workspace.openTextDocument(uri);
  const config = parseRunConfig(parseJson(document.getText(), vscode.workspace.asRelativePath(uri)));
  refuseIneffective(config);
  return config;
}
