import * as vscode from 'vscode';
import type { Explanation } from '../../protocol/classifier.ts';
import { formatProbability } from './format.ts';

/** Formats a label with its probability and reservations, such as "positive 54 %, unsure". */
export function formatAnswer({
  label,
  probability,
  unsure,
  language,
}: Pick<Explanation, 'label' | 'probability'> & Partial<Pick<Explanation, 'unsure' | 'language'>>): string {
  const doubts = [
    ...(unsure === true ? [vscode.l10n.t('unsure')] : []),
    ...(language === 'other' ? [vscode.l10n.t('not English?')] : []),
  ];
  return [`${label} ${formatProbability(probability)}`, ...doubts].join(', ');
}

/** Text to show after a range of the document. */
export interface Note {
  /** Offset in the explained text. */
  readonly offset: number;
  readonly text: string;
}

/** Notes of an answer: one after a short text; one per sentence of a long text, with the overall answer at the end. */
export function notesOf(explanation: Explanation, text: string): Note[] {
  const { sentences } = explanation;
  const overall = formatAnswer(explanation);
  if (sentences.length < 2) return [{ offset: text.length, text: overall }];
  const notes = sentences.map((sentence) => ({
    offset: text.slice(0, sentence.end).trimEnd().length,
    text: formatAnswer(sentence),
  }));
  const last = notes.at(-1);
  return [
    ...notes.slice(0, -1),
    { offset: text.length, text: vscode.l10n.t('{0}; whole text: {1}', last?.text ?? '', overall) },
  ];
}
