import * as vscode from 'vscode';
import type { TextAnswer } from '../../protocol/classifier.ts';
import { formatProbability } from './format.ts';

/** Formats an answer, such as "positive 97 %" or "neutral or unsure (positive 54 %)". */
export function formatAnswer({
  label,
  probability,
  unsure,
  opinion,
  language,
}: Pick<TextAnswer, 'label' | 'probability' | 'unsure' | 'opinion'> & Partial<Pick<TextAnswer, 'language'>>): string {
  const leading = `${label} ${formatProbability(probability)}`;
  const outcome =
    opinion === null ? vscode.l10n.t('unsure ({0})', leading) : vscode.l10n.t('neutral or unsure ({0})', leading);
  return [unsure ? outcome : leading, ...(language === 'other' ? [vscode.l10n.t('not English?')] : [])].join(', ');
}

/** Text to show after a range of the document. */
export interface Note {
  /** Offset in the classified text. */
  readonly offset: number;
  readonly text: string;
}

/** Notes of an answer: one after a short text; one per sentence of a long text, with the overall answer at the end. */
export function notesOf(answer: TextAnswer, text: string): Note[] {
  const { sentences } = answer;
  const overall = formatAnswer(answer);
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
