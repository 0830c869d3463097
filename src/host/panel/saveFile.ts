import * as vscode from 'vscode';

/** A picture or a table from a page: `png` is base64, the others are text. */
interface PageFile {
  readonly format: 'png' | 'svg' | 'csv';
  readonly name: string;
  readonly content: string;
}

/** Saves a file created by a page. */
export async function savePageFile({ format, name, content }: PageFile): Promise<void> {
  const bytes = Buffer.from(content, format === 'png' ? 'base64' : 'utf8');
  await saveFile(`${name}.${format}`, bytes, { label: format.toUpperCase(), extension: format });
}

/**
 * Asks where to save, starting in the first folder of the workspace, and writes the file. Does nothing if the dialog is
 * canceled.
 */
export async function saveFile(
  name: string,
  content: Uint8Array,
  kind: { label: string; extension: string },
): Promise<void> {
  const target = await askFileName(name, kind);
  if (target) await vscode.workspace.fs.writeFile(target, content);
}

/** Asks where to save a file, starting in the first folder of the workspace. @returns undefined if it is canceled */
export async function askFileName(
  name: string,
  kind: { label: string; extension: string },
): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [kind.label]: [kind.extension] },
    saveLabel: vscode.l10n.t('Save'),
  });
}
