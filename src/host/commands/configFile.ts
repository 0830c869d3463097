import * as vscode from 'vscode';
import { parseJson, parseRunConfig } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { BACK, pickStep } from './quickInput.ts';

const PATTERN = '**/*.sequence-lab.json';
/** More files than this are no longer a list to choose from. */
const MOST_FILES = 100;

interface FileItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
}

/**
 * Lets the user choose a configuration file of the workspace, or any other. As on the command line, fields
 * that the file leaves out have the built-in defaults.
 * @throws ConfigError that names each wrong field
 */
export async function chooseConfigFile(title: string): Promise<RunConfig | typeof BACK | undefined> {
  const files = await vscode.workspace.findFiles(PATTERN, '**/node_modules/**', MOST_FILES);
  const items: FileItem[] = files
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label));
  items.push({ label: `$(folder-opened) ${vscode.l10n.t('Browse...')}`, alwaysShow: true });
  const placeholder = vscode.l10n.t('Choose a configuration file');
  const chosen = await pickStep({ title, back: true, placeholder, items });
  if (chosen === undefined || chosen === BACK) return chosen;
  const uri = chosen.uri ?? (await browse());
  return uri && readConfig(uri);
}

async function browse(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({ canSelectMany: false, filters: { 'Sequence Lab': ['json'] } });
  return chosen?.[0];
}

async function readConfig(uri: vscode.Uri): Promise<RunConfig> {
  const document = await vscode.workspace.openTextDocument(uri);
  return parseRunConfig(parseJson(document.getText(), vscode.workspace.asRelativePath(uri)));
}
