import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Explanation, TextAnswer } from '../../protocol/classifier.ts';
import type { TextRange } from './textRange.ts';
import type { Answer, Classification } from './answers.ts';
import { formatAnswer } from './formatAnswer.ts';
import { formatProbability } from './format.ts';
import { type Reasons, reasonsFor, sentenceAt } from './reasons.ts';
import { rangeIn, type Sentiment } from './sentiment.ts';

/** Most unknown words that are listed. */
const MAX_LISTED_WORDS = 20;

/** Hover over classified text: the answer and its explanation. */
export class AnswerHover implements vscode.HoverProvider {
  readonly #sentiment: Sentiment;

  constructor(sentiment: Sentiment) {
    this.#sentiment = sentiment;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const offset = document.offsetAt(position);
    const answer = this.#sentiment.answerAt(document.uri, offset);
    return (
      answer?.classification &&
      new vscode.Hover(
        hoverText(answer.classification, offset - answer.start, gatesLink(document, answer, answer.classification)),
        rangeIn(document, sentenceRange(answer, answer.classification, offset)),
      )
    );
  }
}

/** Link to the gates of the model on the classified text, if the model has gates to show. */
function gatesLink(
  { uri }: vscode.TextDocument,
  { start, end }: TextRange,
  { model: { folder, showsGates } }: Classification,
): string | undefined {
  if (folder === null || !showsGates) return undefined;
  const args = [basename(folder), uri.toString(), start, end];
  return `command:sequenceLab.showGatesOnSelection?${encodeURIComponent(JSON.stringify(args))}`;
}

/** Text of the hover. */
function hoverText(
  { answer, explanation, labels, model }: Classification,
  offset: number,
  gates: string | undefined,
): vscode.MarkdownString {
  const { sentences } = answer;
  const sentence = sentences.length > 1 ? sentenceAt(sentences, offset) : undefined;
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = {
    enabledCommands: [
      'sequenceLab.chooseSentimentModel',
      'sequenceLab.clearClassification',
      'sequenceLab.showGatesOnSelection',
    ],
  };
  const addParagraph = (plain: string) => text.appendMarkdown(`${escapeMarkdown(plain)}\n\n`);
  addParagraph(sentence ? vscode.l10n.t('Whole text: {0}', formatAnswer(answer)) : formatAnswer(answer));
  if (sentence) addParagraph(vscode.l10n.t('This sentence: {0}', formatAnswer(sentence)));
  // With two classes, the answer says it all.
  if (labels.length > 2)
    addParagraph(
      labels
        .map((label, index) => `${label} ${formatProbability((sentence ?? answer).probabilities[index] ?? 0)}`)
        .join(', '),
    );
  for (const doubt of doubtsOf(answer)) addParagraph(doubt);
  if (explanation) addReasons(text, explanation, sentence ?? { start: 0, end: Infinity }, labels);
  else addParagraph(vscode.l10n.t('The contributions of the words are being computed.'));
  addParagraph(vscode.l10n.t('Model: {0}', model.name));
  return text.appendMarkdown(
    `${gates === undefined ? '' : `[${vscode.l10n.t('Show gates')}](${gates}) | `}[${vscode.l10n.t('Change model')}](command:sequenceLab.chooseSentimentModel) | [${vscode.l10n.t('Clear')}](command:sequenceLab.clearClassification)`,
  );
}

/** Adds what the words of a part contribute. */
function addReasons(
  text: vscode.MarkdownString,
  explanation: Explanation,
  part: TextRange,
  labels: Classification['labels'],
): void {
  const addParagraph = (plain: string) => text.appendMarkdown(`${escapeMarkdown(plain)}\n\n`);
  const reasons = reasonsFor(explanation, part, labels, {
    columns: [
      vscode.l10n.t('Word'),
      vscode.l10n.t('Contribution'),
      vscode.l10n.t('Leave-one-out'),
      vscode.l10n.t('Prediction so far'),
    ],
    otherWords: vscode.l10n.t('(other words)'),
    baseline: vscode.l10n.t('(baseline)'),
    logOdds: vscode.l10n.t('= log odds'),
  });
  if (reasons.table !== undefined) {
    addParagraph(vscode.l10n.t('Probability of "{0}" after each word: {1}', explanation.label, reasons.sparkline));
    addParagraph(
      vscode.l10n.t(
        'Positive contributions support "{0}" (solid underline), negative ones contradict it (dashed). They are Shapley values in nats: with the baseline, where every word is hidden, they add up to the log odds of the answer. Leave-one-out is the change when only this word is hidden.',
        explanation.label,
      ),
    );
    text.appendCodeblock(reasons.table, 'plaintext');
  }
  for (const note of omissions(explanation, reasons)) addParagraph(note);
}

/**
 * Escapes a text, so that it is not interpreted as Markdown. Spaces stay spaces, so that lines can break.
 */
function escapeMarkdown(plain: string): string {
  return new vscode.MarkdownString().appendText(plain).value.replaceAll('&nbsp;', ' ');
}

function sentenceRange(
  { start, end }: Answer,
  { answer: { sentences } }: Classification,
  offset: number,
): { start: number; end: number } {
  const sentence = sentences.length > 1 ? sentenceAt(sentences, offset - start) : undefined;
  return sentence ? { start: start + sentence.start, end: start + sentence.end } : { start, end };
}

/** Reasons to doubt the answer. */
function doubtsOf({ doubts }: TextAnswer): string[] {
  const texts: Readonly<Record<TextAnswer['doubts'][number], string>> = {
    neutral: vscode.l10n.t('The text expresses no clear opinion, as a fact, a question or an instruction does.'),
    close: vscode.l10n.t('The classes are almost equally likely: the label is close to a guess.'),
    'unknown-words': vscode.l10n.t('The model knows too few of the words.'),
    language: vscode.l10n.t('The text does not look like English, the only language that the model was trained on.'),
  };
  return doubts.map((doubt) => texts[doubt]);
}

function omissions({ unknownWords, wordsLeftOut }: Explanation, { notShown, hasUnknown }: Reasons): string[] {
  const named = unknownWords.slice(0, MAX_LISTED_WORDS).join(', ');
  const more =
    unknownWords.length > MAX_LISTED_WORDS
      ? vscode.l10n.t(' and {0} more', unknownWords.length - MAX_LISTED_WORDS)
      : '';
  return [
    ...(notShown > 0 ? [vscode.l10n.t('{0} more words are not shown.', notShown)] : []),
    ...(wordsLeftOut > 0
      ? [
          vscode.l10n.t(
            'The last {0} words contribute to the answer, but are not explained individually.',
            wordsLeftOut,
          ),
        ]
      : []),
    ...(unknownWords.length > 0
      ? [vscode.l10n.t('Unknown words{0}: {1}{2}', hasUnknown ? ' (?)' : '', named, more)]
      : []),
  ];
}
