import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import { STRENGTHS } from './format.ts';

/**
 * Decoration types of answers in the editor. Words for the answer have a solid underline, words against it a dashed
 * one.
 */
export class AnswerStyles extends Disposables {
  /** Text after a range of the document. */
  readonly note = this.register(
    vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      after: {
        margin: '0 0 0 1.5em',
        fontStyle: 'italic',
        color: new vscode.ThemeColor('sequenceLab.answerForeground'),
      },
    }),
  );
  /** Words by their strength. */
  readonly words: ReadonlyMap<number, vscode.TextEditorDecorationType> = new Map(
    Array.from({ length: STRENGTHS }, (_, index) => index + 1).flatMap((strength) => [
      // eslint-disable-next-line lab/translated -- part of the name of a color
      [strength, this.#word('For', strength)] as const,
      // eslint-disable-next-line lab/translated -- part of the name of a color
      [-strength, this.#word('Against', strength)] as const,
    ]),
  );

  #word(side: 'For' | 'Against', strength: number): vscode.TextEditorDecorationType {
    return this.register(
      vscode.window.createTextEditorDecorationType({
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        backgroundColor: new vscode.ThemeColor(`sequenceLab.word${side}Background${strength}`),
        borderColor: new vscode.ThemeColor(`sequenceLab.word${side}Border`),
        borderStyle: side === 'For' ? 'solid' : 'dashed',
        borderWidth: `0 0 ${strength}px 0`,
      }),
    );
  }
}
