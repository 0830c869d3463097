import { basename } from 'node:path';
import * as vscode from 'vscode';
import { disk } from '../../platform/files.ts';

const SCHEME = 'sequence-lab-data';

/**
 * Texts of the data of runs as documents that cannot be edited: a change would make the copy in the folder of a run
 * useless. Only files that `uriOf` was called with are read.
 */
export class DataTexts implements vscode.TextDocumentContentProvider {
  readonly #paths = new Map<string, string>();
  readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  /** Document with the text of a file. */
  uriOf(path: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${basename(path)}`, query: path });
    this.#paths.set(uri.toString(), path);
    return uri;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const path = this.#paths.get(uri.toString());
    if (path === undefined) throw new Error(vscode.l10n.t('This text is no longer open. Compare the data again.'));
    return disk.readText(path);
  }
}
