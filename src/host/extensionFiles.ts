import { join } from 'node:path';
import type * as vscode from 'vscode';

/** The folders of the parts of the extension that are read by path. */
const PART_FOLDERS = {
  /** What exported pages are made of. */
  pages: 'dist',
  /** Programs that open exported models. */
  programs: 'media',
} as const;

export type ExtensionPart = keyof typeof PART_FOLDERS;

/** Where trainers are started from: the folder of the built programs; in a browser, its URI. */
export function programsFolder(extensionUri: vscode.Uri): string {
  return join(extensionUri.fsPath, 'dist');
}

/** The folder of a part of the extension, whose files can be read by path. */
export async function folderOfPart(extensionUri: vscode.Uri, part: ExtensionPart): Promise<string> {
  return Promise.resolve(join(extensionUri.fsPath, PART_FOLDERS[part]));
}
