import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { TextSource } from '../../config/textSource.ts';

/** What a run is to be trained on. */
export interface Target {
  readonly source: TextSource;
  readonly name: string;
  readonly uri: vscode.Uri;
}

/**
 * The text to train on: what the user right-clicked, else the active editor, else a file that the user
 * chooses. A clean file on disk is read from there; anything else (unsaved changes, an untitled document,
 * a file of a virtual workspace, one opened in an encoding of its own) is trained on as the editor shows it.
 * @returns undefined when the user chose nothing
 */
export async function resolveTarget(argument: unknown): Promise<Target | undefined> {
  const uri = argument instanceof vscode.Uri ? argument : (activeUri() ?? (await askForFile()));
  return uri && targetOf(uri);
}

async function targetOf(uri: vscode.Uri): Promise<Target> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const name = posix.basename(uri.path);
  if (uri.scheme === 'file' && (!open || isAsOnDisk(open)))
    return { source: { kind: 'file', path: uri.fsPath }, name, uri };
  const document = open ?? (await vscode.workspace.openTextDocument(uri));
  return { source: { kind: 'text', text: document.getText(), name }, name, uri };
}

/** Files are read as UTF-8; where the editor reads another encoding, it knows better. */
function isAsOnDisk({ isDirty, encoding }: vscode.TextDocument): boolean {
  return !isDirty && (encoding === 'utf8' || encoding === 'utf8bom');
}

/** The editor that is meant: the active one or, while our own panel has the focus, the only one beside it. */
export function meantEditor(): vscode.TextEditor | undefined {
  const [visible, ...others] = vscode.window.visibleTextEditors;
  return vscode.window.activeTextEditor ?? (others.length === 0 ? visible : undefined);
}

/** The file in the active tab. Very large files have a tab, but no text editor that an extension can see. */
function activeUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return meantEditor()?.document.uri;
}

async function askForFile(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Train LSTM on file'),
    openLabel: vscode.l10n.t('Train'),
    canSelectMany: false,
  });
  return chosen?.[0];
}
