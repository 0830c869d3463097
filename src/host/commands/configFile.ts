import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { refuseIneffective } from '../../config/applicability.ts';
import { withDataFrom } from '../../config/dataPaths.ts';
import { parseJson, parseRunConfig } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { BACK, pickStep } from './quickInput.ts';

const SUFFIX = '.sequence-lab.json';
const PATTERN = `**/*${SUFFIX}`;
/** Maximum number of files in the list. */
const MAX_FILES = 100;

interface FileItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
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
): Promise<RunConfig | typeof BACK | undefined> {
  const found = await vscode.workspace.findFiles(PATTERN, '**/node_modules/**', MAX_FILES);
  const workspaceFiles = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const items: FileItem[] = [
    ...sorted(workspaceFiles),
    { label: `$(folder-opened) ${vscode.l10n.t('Browse...')}`, alwaysShow: true },
    { label: vscode.l10n.t('Samples'), kind: vscode.QuickPickItemKind.Separator },
    ...sorted(await samples(extensionUri)),
  ];
  const placeholder = vscode.l10n.t('Select a configuration file');
  const chosen = await pickStep({ title, back, placeholder, items });
  if (chosen === undefined || chosen === BACK) return chosen;
  const uri = chosen.uri ?? (await browse());
  return uri && readConfig(uri);
}

/** Sample configuration of the extension by its name without extension. */
export async function sampleConfig(extensionUri: vscode.Uri, name: string): Promise<RunConfig> {
  return readConfig(vscode.Uri.joinPath(samplesFolder(extensionUri), `${name}${SUFFIX}`));
}

function samplesFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'media', 'samples');
}

/** Sample configurations of the extension. */
async function samples(extensionUri: vscode.Uri): Promise<FileItem[]> {
  const folder = samplesFolder(extensionUri);
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return entries
    .filter(([name]) => name.endsWith(SUFFIX))
    .map(([name]) => ({ label: name.slice(0, -SUFFIX.length), uri: vscode.Uri.joinPath(folder, name) }));
}

function sorted(items: readonly FileItem[]): FileItem[] {
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
  return withDataFrom(dirname(uri.fsPath), config);
}
