import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';

/** Attempts per edit. VS Code rejects an edit if the document has changed; the next attempt sees the change. */
const ATTEMPTS = 5;

/**
 * Inserts text into a document piece by piece, as one undo step. The position follows edits of the user before and
 * after it.
 */
export class CursorWriter extends Disposables {
  readonly #editor: vscode.TextEditor;
  #offset: number;
  #pending = '';
  #writing: Promise<void> | undefined;
  #wrote = false;
  #lost: () => void = () => undefined;

  constructor(editor: vscode.TextEditor, at: vscode.Position) {
    super();
    this.#editor = editor;
    this.#offset = editor.document.offsetAt(at);
    this.register(vscode.workspace.onDidChangeTextDocument((change) => this.#follow(change)));
  }

  /** Registers a listener that is called if the editor was closed and the text cannot be inserted. */
  onLost(listener: () => void): void {
    this.#lost = listener;
  }

  write(text: string): void {
    this.#pending += text;
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when all text is in the document. */
  async done(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    while (this.#pending !== '') {
      const text = this.#pending;
      this.#pending = '';
      if (!(await this.#insert(text))) {
        this.#lost();
        return;
      }
      this.#wrote = true;
    }
  }

  async #insert(text: string): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { document } = this.#editor;
      if (document.isClosed || !vscode.window.visibleTextEditors.includes(this.#editor)) return false;
      const place = document.positionAt(this.#offset);
      const undo = { undoStopBefore: !this.#wrote, undoStopAfter: false };
      if (await this.#editor.edit((builder) => builder.insert(place, text), undo)) return true;
    }
    return false;
  }

  /** Moves the position when text is inserted or removed before it. */
  #follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document !== this.#editor.document) return;
    for (const { rangeOffset, rangeLength, text } of contentChanges) {
      if (rangeOffset > this.#offset) continue;
      this.#offset = Math.max(rangeOffset, this.#offset - rangeLength) + text.length;
    }
  }
}
