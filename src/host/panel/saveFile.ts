import * as vscode from 'vscode';

/** Asks where to save, beside the first folder of the workspace, and writes the file. Nothing happens when the user declines. */
export async function saveFile(name: string, content: Uint8Array, kind: { label: string; extension: string }): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [kind.label]: [kind.extension] },
    saveLabel: vscode.l10n.t('Save'),
  });
  if (target) await vscode.workspace.fs.writeFile(target, content);
}
