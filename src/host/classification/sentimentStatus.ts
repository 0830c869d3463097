import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import { formatAnswer } from './formatAnswer.ts';
import type { Sentiment } from './sentiment.ts';

/**
 * Status bar item with the newest answer of the active text and its model, and the context key that lets Escape clear
 * the answers.
 */
export class SentimentStatus extends Disposables {
  readonly #sentiment: Sentiment;
  readonly #item = this.register(
    vscode.window.createStatusBarItem('sequenceLab.sentiment', vscode.StatusBarAlignment.Right),
  );

  constructor(sentiment: Sentiment) {
    super();
    this.#sentiment = sentiment;
    this.#item.name = vscode.l10n.t('Sequence Lab: sentiment');
    this.#item.command = 'sequenceLab.chooseSentimentModel';
    this.register(sentiment.onDidChange(() => this.#update()));
    this.register(vscode.window.onDidChangeActiveTextEditor(() => this.#update()));
  }

  #update(): void {
    const { activeTextEditor } = vscode.window;
    const answers = activeTextEditor ? this.#sentiment.answersOf(activeTextEditor.document.uri) : [];
    void vscode.commands.executeCommand('setContext', 'sequenceLab.classified', answers.length > 0);
    const said = answers.findLast((answer) => answer.said)?.said;
    if (answers.some((answer) => !answer.said)) {
      this.#show(
        `$(loading~spin) ${vscode.l10n.t('classifying')}`,
        vscode.l10n.t('The selected text is being classified. Escape gives it up.'),
      );
    } else if (said) {
      const answer = formatAnswer(said.explanation);
      this.#show(
        `$(comment-discussion) ${answer}`,
        vscode.l10n.t('{0}, says the model "{1}". Click to use another one.', answer, said.model.name),
      );
    } else {
      this.#item.hide();
    }
  }

  #show(text: string, tooltip: string): void {
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: tooltip };
    this.#item.show();
  }
}
