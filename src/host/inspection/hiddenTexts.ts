import * as vscode from 'vscode';
import { firstExisting } from '../../platform/firstExisting.ts';
import { keptFile, snapshotOf } from '../../runs/snapshot.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { FollowedText } from './followed.ts';
import { type FollowedEditor, isText, textOf } from './followedEditor.ts';
import { hiddenTextsFor } from './hiddenTextsFor.ts';
import type { RowReader } from './rowReader.ts';
import { uriOf } from '../uris.ts';

/** Texts that no editor shows: in a tab behind another one, or the text that a run was trained on. */
export class HiddenTexts {
  readonly #followed: FollowedEditor;
  readonly #rows: RowReader;

  constructor(followed: FollowedEditor, rows: RowReader) {
    this.#followed = followed;
    this.#rows = rows;
  }

  /** The text for a run to read while no editor shows one; undefined if there is none. */
  async of(run: RunModel): Promise<FollowedText | undefined> {
    const { lastEditor } = this.#followed;
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : []))
      .filter((uri) => isText({ uri }));
    const own = await ownText(run);
    const candidates = hiddenTextsFor({
      tabs: tabs.map(String),
      last: lastEditor ? String(lastEditor.document.uri) : undefined,
      own: own === undefined ? undefined : String(uriOf(own)),
    });
    for (const { uri, elsewhere } of candidates) {
      const document = await opened(vscode.Uri.parse(uri, true));
      if (!document) continue;
      const isLast = lastEditor?.document === document;
      // The first line of a table usually names its columns.
      const start = this.#rows.reads(document.uri.path) ? new vscode.Position(1, 0) : new vscode.Position(0, 0);
      const place = isLast ? lastEditor.selection.active : start;
      // The file name of a run's copy is not that of its text.
      const name = elsewhere === 'run' ? run.view.name : undefined;
      return textOf(document, { cursor: document.offsetAt(place), elsewhere, name });
    }
    return undefined;
  }
}

/** Path of the text that a run was trained on: the file, or the copy that is kept with the run. */
async function ownText({ sourcePath, folder, view }: RunModel): Promise<string | undefined> {
  const paths = [...(sourcePath === null ? [] : [sourcePath]), keptFile(folder, view.name), snapshotOf(folder)];
  return firstExisting(paths);
}

/** The document of a file; undefined for one that VS Code cannot open, such as a folder or a file that is too large. */
async function opened(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}
