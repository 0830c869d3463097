import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { disk, makeTemporaryFolder } from '../../platform/files.ts';
import { uriOf } from '../uris.ts';

const URI_LIST = 'text/uri-list';

/**
 * Opens the models that are dropped on the view "Runs": files and folders of the window, or files of the desktop in a
 * window whose files are on another computer, as in a browser. What else can be dropped, such as runs, is left alone.
 */
export class ModelDrop<Node> implements vscode.TreeDragAndDropController<Node> {
  readonly dragMimeTypes: readonly string[] = [];
  /** `files` includes files that have no path on this computer. */
  readonly dropMimeTypes: readonly string[] = [URI_LIST, 'files'];
  readonly #open: (models: readonly vscode.Uri[]) => Thenable<unknown>;

  /** @param open opens models, or shows an error */
  constructor(open: (models: readonly vscode.Uri[]) => Thenable<unknown>) {
    this.#open = open;
  }

  async handleDrop(_target: Node | undefined, transfer: vscode.DataTransfer): Promise<void> {
    const list = (await transfer.get(URI_LIST)?.asString()) ?? '';
    // A line that begins with "#" is a comment.
    const uris = list.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
    if (uris.length > 0) return void (await this.#open(uris.map((uri) => vscode.Uri.parse(uri))));
    const files = [...transfer].flatMap(([, item]) => item.asFile() ?? []);
    if (files.length > 0) await this.#openCopies(files);
  }

  /** Opens files of another computer, which are copied together: a vocabulary is found next to its model. */
  async #openCopies(files: readonly vscode.DataTransferFile[]): Promise<void> {
    const folder = await makeTemporaryFolder('sequence-lab-dropped-');
    try {
      const copies: vscode.Uri[] = [];
      for (const file of files) {
        const copy = join(folder, basename(file.name));
        await disk.write(copy, await file.data());
        copies.push(uriOf(copy));
      }
      await this.#open(copies);
    } finally {
      await disk.remove(folder);
    }
  }
}
