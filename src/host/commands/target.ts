import * as vscode from 'vscode';
import { isBinaryName } from '../../config/dataFormats.ts';
import type { TextSource } from '../../config/textSource.ts';
import { readablePath } from '../localCopy.ts';
import { uriName } from '../uriName.ts';
import { pathOf, uriOf } from '../uris.ts';
import { BACK, pickStep } from './quickInput.ts';

/** Bytes of a file up to which extensions have its text, as VS Code limits it. */
const LARGEST_DOCUMENT = 50 * 2 ** 20;

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
 * @param extensionUri folder of the extension, to offer its sample texts as well as files; omitted for commands that
 *   need other data
 * @returns undefined if the user selects nothing
 */
export async function resolveTarget(argument: unknown, extensionUri?: vscode.Uri): Promise<Target | undefined> {
  const ask = async () => (extensionUri ? askForText(extensionUri) : askFor('file'));
  const uri = argument instanceof vscode.Uri ? argument : (activeUri() ?? (await ask()));
  return uri && targetOf(uri);
}

/** Data of a file or folder. */
export async function targetOf(uri: vscode.Uri): Promise<Target> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const name = uriName(uri);
  const path = pathOf(uri);
  if (path !== undefined && (open ? isAsOnDisk(open) : isBinaryName(name) || !(await hasOwnEncoding(uri))))
    return { source: { kind: 'file', path }, name, uri };
  // VS Code has no text of it.
  if (path === undefined && !open && (isBinaryName(name) || (await isLarge(uri))))
    return { source: { kind: 'file', path: await readablePath(uri) }, name, uri };
  const document = open ?? (await vscode.workspace.openTextDocument(uri));
  return { source: { kind: 'text', text: document.getText(), name }, name, uri };
}

/** A file that is open in an editor is read as the editor shows it, with its unsaved changes. */
export async function asShown(source: TextSource): Promise<TextSource> {
  if (source.kind !== 'file') return source;
  const uri = uriOf(source.path);
  const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
  return isOpen ? (await targetOf(uri)).source : source;
}

/** True for a file that VS Code opens without its text, and for a folder. */
async function isLarge(uri: vscode.Uri): Promise<boolean> {
  const { type, size } = await vscode.workspace.fs.stat(uri);
  return size > LARGEST_DOCUMENT || (type & vscode.FileType.Directory) !== 0;
}

/** True for a file whose encoding is set in the settings of VS Code, which then reads it. */
async function hasOwnEncoding(uri: vscode.Uri): Promise<boolean> {
  const encoding = vscode.workspace.getConfiguration('files', uri).get<string>('encoding', 'utf8');
  if (encoding === 'utf8' || encoding === 'utf8bom') return false;
  return (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.File;
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

/** A sample text of the extension in a list. */
interface SampleText extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** The sample texts of the extension. */
export function sampleTexts(extensionUri: vscode.Uri): SampleText[] {
  const text = (name: string, detail: string) => ({
    label: name,
    detail,
    uri: vscode.Uri.joinPath(extensionUri, 'media', 'samples', name),
  });
  return [
    text('ferry.txt', vscode.l10n.t('A rhyme of 6,500 characters: after a minute, a network writes its words.')),
    text('tide.txt', vscode.l10n.t('A few repeated lines, which a small network knows by heart within seconds.')),
  ];
}

/** Offers the sample texts, which are then opened in an editor, and a file to choose. */
async function askForText(extensionUri: vscode.Uri): Promise<vscode.Uri | undefined> {
  const browse = [
    { label: `$(folder-opened) ${vscode.l10n.t('Choose a File...')}`, uri: undefined, what: 'file' as const },
    { label: `$(folder-opened) ${vscode.l10n.t('Choose a Folder...')}`, uri: undefined, what: 'folder' as const },
  ];
  const samples = sampleTexts(extensionUri).map(({ label, ...text }) => ({ label: `$(book) ${label}`, ...text }));
  const chosen = await pickStep<vscode.QuickPickItem & { uri: vscode.Uri | undefined; what?: 'file' | 'folder' }>({
    title: vscode.l10n.t('Train LSTM on file'),
    back: false,
    placeholder: vscode.l10n.t('No text is open. Select a sample text, or a file'),
    items: [...samples, ...browse],
  });
  if (chosen === undefined || chosen === BACK) return undefined;
  if (!chosen.uri) return askFor(chosen.what ?? 'file');
  await vscode.window.showTextDocument(chosen.uri, { preview: false });
  return chosen.uri;
}

async function askFor(what: 'file' | 'folder'): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Train LSTM on file'),
    openLabel: vscode.l10n.t('Train'),
    canSelectMany: false,
    canSelectFiles: what === 'file',
    canSelectFolders: what === 'folder',
  });
  return chosen?.[0];
}
