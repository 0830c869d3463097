import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import type { Followed, FollowedText } from './followed.ts';
import type { SliceableText } from './textWindow.ts';
import { uriName } from '../uriName.ts';

/** Schemes of documents that are not editors. */
const NO_TEXTS = new Set(['output', 'comment', 'debug', 'vscode-interactive-input']);

/**
 * Follows the active editor. While a panel of the extension has the focus, no editor is active: the last one is used as
 * long as it is visible, otherwise the only visible one.
 */
export class FollowedEditor extends Disposables implements Followed {
  readonly #move = this.register(new vscode.EventEmitter<void>());
  readonly onDidMove = this.#move.event;
  #last: vscode.TextEditor | undefined;

  constructor() {
    super();
    this.register(vscode.window.onDidChangeActiveTextEditor(() => this.#move.fire()));
    this.register(vscode.window.onDidChangeVisibleTextEditors(() => this.#move.fire()));
    this.register(vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#moved(textEditor.document)));
    this.register(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#moved(document)));
  }

  /** The followed editor. */
  get editor(): vscode.TextEditor | undefined {
    const visible = vscode.window.visibleTextEditors.filter(({ document }) => isText(document));
    const active = vscode.window.activeTextEditor;
    if (active && isText(active.document)) this.#last = active;
    if (this.#last && visible.includes(this.#last)) return this.#last;
    return visible.length === 1 ? visible[0] : undefined;
  }

  get current(): FollowedText | undefined {
    const { editor } = this;
    if (!editor) return undefined;
    const { document, selection, viewColumn } = editor;
    return textOf(document, { cursor: document.offsetAt(selection.active), viewColumn });
  }

  /** The editor that was used last, which may be hidden or closed. */
  get lastEditor(): vscode.TextEditor | undefined {
    return this.editor ?? this.#last;
  }

  #moved(document: vscode.TextDocument): void {
    if (this.editor?.document === document) this.#move.fire();
  }
}

/** A document as a text to read. @param place the cursor, the editor's column, and where it is if no editor shows it */
export function textOf(
  document: vscode.TextDocument,
  {
    cursor,
    elsewhere,
    viewColumn,
    name,
  }: Pick<FollowedText, 'cursor' | 'elsewhere'> & {
    readonly name?: string | undefined;
    readonly viewColumn?: vscode.ViewColumn | undefined;
  },
): FollowedText {
  return {
    name: name ?? uriName(document.uri),
    source: sourceOf(document),
    cursor,
    elsewhere,
    goTo: async (offset) => {
      const place = document.positionAt(offset);
      const selection = new vscode.Selection(place, place);
      await vscode.window.showTextDocument(document, { ...(viewColumn && { viewColumn }), selection });
    },
  };
}

/** Adapts a document to a text that is read in parts. */
export function sourceOf(document: vscode.TextDocument): SliceableText {
  return {
    length: document.offsetAt(document.lineAt(document.lineCount - 1).range.end),
    crlf: document.eol === vscode.EndOfLine.CRLF,
    slice: (start, end) => document.getText(new vscode.Range(document.positionAt(start), document.positionAt(end))),
  };
}

/** True if a document is a text that the user reads or edits. */
export function isText({ uri }: Pick<vscode.TextDocument, 'uri'>): boolean {
  return !NO_TEXTS.has(uri.scheme);
}
