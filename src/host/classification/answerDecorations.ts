import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import type { Answer } from './answers.ts';
import { AnswerStyles } from './answerStyles.ts';
import { notesOf } from './formatAnswer.ts';
import { rangeIn, type Sentiment } from './sentiment.ts';
import { strengthOf } from './format.ts';

/** Draws answers into the editors of their documents: colored words, and the answer after the text. */
export class AnswerDecorations extends Disposables {
  readonly #sentiment: Sentiment;
  readonly #styles = this.register(new AnswerStyles());

  constructor(sentiment: Sentiment) {
    super();
    this.#sentiment = sentiment;
    this.register(sentiment.onDidChange((uri) => this.#draw(editorsOf(uri))));
    // An editor that is shown again is a new object without decorations.
    this.register(
      vscode.window.onDidChangeVisibleTextEditors((editors) =>
        this.#draw(editors.filter(({ document }) => sentiment.answersOf(document.uri).length > 0)),
      ),
    );
  }

  #draw(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) {
      const answers = this.#sentiment.answersOf(editor.document.uri);
      editor.setDecorations(
        this.#styles.note,
        answers.flatMap((answer) => notes(editor.document, answer)),
      );
      for (const [strength, style] of this.#styles.words) {
        editor.setDecorations(
          style,
          answers.flatMap((answer) => wordRanges(editor.document, answer, strength)),
        );
      }
    }
  }
}

function notes(document: vscode.TextDocument, answer: Answer): vscode.DecorationOptions[] {
  const { start, classification } = answer;
  if (!classification) return [];
  return notesOf(classification.answer, document.getText(rangeIn(document, answer))).map(({ offset, text }) => ({
    range: rangeIn(document, { start: start + offset, end: start + offset }),
    renderOptions: { after: { contentText: text } },
  }));
}

function wordRanges(
  document: vscode.TextDocument,
  { start, classification }: Answer,
  strength: number,
): vscode.Range[] {
  const matching =
    classification?.explanation?.words.filter(({ contribution }) => strengthOf(contribution) === strength) ?? [];
  return matching.map((word) => rangeIn(document, { start: start + word.start, end: start + word.end }));
}

function editorsOf(uri: vscode.Uri): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri.toString());
}
