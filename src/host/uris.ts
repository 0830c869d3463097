import * as vscode from 'vscode';

/** The path of a file or folder that trainers read in place; undefined for one that only VS Code can read. */
export function pathOf(uri: vscode.Uri): string | undefined {
  return uri.scheme === 'file' ? uri.fsPath : undefined;
}

/** The URI of a file or folder of the run store, for VS Code to open it. */
export function uriOf(path: string): vscode.Uri {
  return vscode.Uri.file(path);
}
