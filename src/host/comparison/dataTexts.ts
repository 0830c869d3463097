import { basename } from 'node:path';
import * as vscode from 'vscode';
import { sourceRead } from '../../config/textSource.ts';
import { disk, readRange } from '../../platform/files.ts';
import type { RemoteTrainer } from '../../protocol/trainer.ts';
import { LARGEST_COMPARED } from '../../runs/readDifference.ts';
import type { RunRecord } from '../../runs/record.ts';

const SCHEME = 'sequence-lab-data';
/** Bytes that tell whether a file is text. */
const SIGNATURE_BYTES = 16;

/**
 * Texts of the data of runs as documents that cannot be edited: a change would make the copy in the folder of a run
 * useless. Only files that `uriOf` was called with are read. Packed files are unpacked by a trainer, which has the readers.
 */
export class DataTexts implements vscode.TextDocumentContentProvider {
  readonly #files = new Map<string, { readonly path: string; readonly run: RunRecord }>();
  readonly #ask: <T>(request: (remote: RemoteTrainer) => Promise<T>) => Promise<T>;
  readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  /** @param ask makes one request to a new trainer */
  constructor(ask: <T>(request: (remote: RemoteTrainer) => Promise<T>) => Promise<T>) {
    this.#ask = ask;
  }

  /** Document with the text of a file of the data of a run. */
  uriOf(path: string, run: RunRecord): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${basename(path)}`, query: path });
    this.#files.set(uri.toString(), { path, run });
    return uri;
  }

  /** The text that a file of the data of a run holds; undefined for a packed one whose text is too large. */
  async textOf(path: string, { config }: RunRecord): Promise<string | undefined> {
    if (await beginsAsText(path)) return disk.readText(path);
    const source = sourceRead({ kind: 'file', path }, config.data);
    return (await this.#ask(async (remote) => remote.storedText({ source, most: LARGEST_COMPARED }))) ?? undefined;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const file = this.#files.get(uri.toString());
    if (!file) throw new Error(vscode.l10n.t('This text is no longer open. Compare the data again.'));
    const text = await this.textOf(file.path, file.run);
    if (text === undefined) throw new Error(vscode.l10n.t('{0} is too large to be compared.', basename(file.path)));
    return text;
  }
}

/** Whether a file begins as a text in UTF-8, and not as a packed one or as a text in another encoding. */
async function beginsAsText(path: string): Promise<boolean> {
  const head = await readRange(path, 0, SIGNATURE_BYTES);
  try {
    // The last character may be cut off.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return !head.some((byte) => byte < TAB);
  } catch {
    return false;
  }
}

const TAB = 9;
