import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { TextSource } from '../../config/textSource.ts';

/** Data for a new run. */
export interface Target {
  readonly source: TextSource;
  readonly name: string;
  readonly uri: vscode.Uri;
}

/**
 * Text to train on: the file that the user right-clicked, the active editor, or a file that the user selects. A saved
 * file is read from disk; anything else (unsaved changes, an untitled document, a file of a virtual workspace, another
 * encoding) is used as the editor shows it.
 * @returns undefined if the user selects nothing
 */
export async function resolveTarget(argument: unknown): Promise<Target | undefined> {
  const uri = argument instanceof vscode.Uri ? argument : (activeUri() ?? (await askForFile()));
  return uri && targetOf(uri);
}

/** Data of a file or folder. */
export async function targetOf(uri: vscode.Uri): Promise<Target> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const name = posix.basename(uri.path);
  if (uri.scheme === 'file' && (!open || isAsOnDisk(open)))
    return { source: { kind: 'file', path: uri.fsPath }, name, uri };
  const document = open ?? (await vscode.workspace.openTextDocument(uri));
  return { source: { kind: 'text', text: document.getText(), name }, name, uri };
}

/** True if the file on disk, read as UTF-8, has the text of the document. */
function isAsOnDisk({ isDirty, encoding }: vscode.TextDocument): boolean {
  return !isDirty && (encoding === 'utf8' || encoding === 'utf8bom');
}

/** The active editor or, while the panel has the focus, the only other visible editor. */
export function targetEditor(): vscode.TextEditor | undefined {
  const [visible, ...others] = vscode.window.visibleTextEditors;
  return vscode.window.activeTextEditor ?? (others.length === 0 ? visible : undefined);
}

/** File of the active tab. Very large files have a tab, but no text editor that an extension can access. */
export function activeUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return targetEditor()?.document.uri;
}

async function askForFile(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Train LSTM on file'),
    openLabel: vscode.l10n.t('Train'),
    canSelectMany: false,
  });
  return chosen?.[0];
}
