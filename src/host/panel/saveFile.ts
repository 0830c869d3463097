import * as vscode from 'vscode';
import { bytesOfBase64, utf8Bytes } from '../../platform/bytes.ts';
import { fileName } from '../../format/fileName.ts';

/** A picture or a table from a page: `png` is base64, the others are text. */
interface PageFile {
  readonly format: 'png' | 'svg' | 'csv';
  readonly name: string;
  readonly content: string;
}

/** Saves a file created by a page. */
export async function savePageFile({ format, name, content }: PageFile): Promise<void> {
  const bytes = format === 'png' ? bytesOfBase64(content) : utf8Bytes(content);
  await saveFile(`${name}.${format}`, bytes, { label: format.toUpperCase(), extension: format });
}

/** Asks where to save and writes the file. Does nothing if the dialog is canceled. */
export async function saveFile(name: string, content: Uint8Array, kind: FileKind): Promise<void> {
  const target = await chooseTarget(name, kind);
  if (target) await vscode.workspace.fs.writeFile(target, content);
}

/** A kind of file, as a dialog names it. */
interface FileKind {
  readonly label: string;
  readonly extension: string;
}

/** Asks where to save, starting in the first folder of the workspace. */
export async function chooseTarget(name: string, { label, extension }: FileKind): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, fileName(name)) }),
    filters: { [label]: [extension] },
    saveLabel: vscode.l10n.t('Save'),
  });
}
