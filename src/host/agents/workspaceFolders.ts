import * as vscode from 'vscode';
import { pathOf } from '../uris.ts';

/** Absolute paths of the folders of the workspace that are on this machine. */
export function workspaceFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => pathOf(uri) ?? []);
}
