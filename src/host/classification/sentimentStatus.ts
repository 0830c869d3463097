import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import { formatAnswer } from './formatAnswer.ts';
import type { Sentiment } from './sentiment.ts';
import { plainLabel } from '../plainLabel.ts';

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
    const classification = answers.findLast((answer) => answer.classification)?.classification;
    if (answers.some((answer) => !answer.classification)) {
      this.#show(
        `$(loading~spin) ${vscode.l10n.t('Classifying')}`,
        vscode.l10n.t('Classifying the selected text. Press Escape to cancel.'),
      );
    } else if (classification) {
      const answer = formatAnswer(classification.answer);
      this.#show(
        `$(comment-discussion) ${plainLabel(answer)}`,
        vscode.l10n.t('{0}. Model: {1}. Click to choose another model.', answer, classification.model.name),
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
