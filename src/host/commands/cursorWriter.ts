import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';

/** An edit is refused when the document changes meanwhile; the next attempt sees the change. */
const ATTEMPTS = 5;

/**
 * Writes text into a document piece by piece, as it comes, in one step of undo. The place moves with what
 * the user types meanwhile, before it or after it.
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

  /** Called when the text cannot be written any more, because its editor is gone. */
  onLost(listener: () => void): void {
    this.#lost = listener;
  }

  write(text: string): void {
    this.#pending += text;
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when everything is in the document. */
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

  /** What is typed before the place, and what we have written at it, moves it on. */
  #follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document !== this.#editor.document) return;
    for (const { rangeOffset, rangeLength, text } of contentChanges) {
      if (rangeOffset > this.#offset) continue;
      this.#offset = Math.max(rangeOffset, this.#offset - rangeLength) + text.length;
    }
  }
}
