import { shortened } from '../../../format/shortened.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import { type ClassificationMetrics, likeliest } from '../../../training/classificationMetrics.ts';
import type { ClassificationData } from './classificationData.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';

/** Texts shown with their answers, and characters of each. */
const EXAMPLES = 20;
const CHARACTERS = 160;

/** The report of a classifier: its confusion matrix, its worst errors, and a few other texts. */
export function classificationReport(
  { labels, validation }: ClassificationData,
  probabilities: readonly (readonly number[])[],
  { confusionMatrix, accuracy, macroF1, n, calibrationError }: ClassificationMetrics,
): ReportBlock[] {
  const rows = validation.map(({ text, label }, index) => {
    const each = probabilities[index] ?? [];
    const answer = likeliest(each);
    return {
      text,
      label,
      answer: labels[answer] ?? '',
      probability: each[answer] ?? 0,
      ofRight: each[labels.indexOf(label)] ?? 0,
    };
  });
  const worst = rows.filter(({ label, answer }) => label !== answer).sort((a, b) => a.ofRight - b.ofRight);
  return [
    {
      kind: 'confusion',
      title: phrase('Confusion matrix'),
      rowAxis: phrase('true class'),
      columnAxis: phrase('predicted class'),
      classes: [...labels],
      counts: confusionMatrix.flat(),
      unit: phrase('texts'),
      note: phrase(
        '{0} % of {1} texts are classified correctly; macro F1 {2}, expected calibration error {3}.',
        (100 * accuracy).toFixed(1),
        n.toLocaleString('en'),
        macroF1.toFixed(3),
        calibrationError.toFixed(3),
      ),
    },
    examples(phrase('Worst errors'), worst, phrase('Texts to whose true class the model gave the lowest probability.')),
    examples(phrase('Validation texts'), rows, phrase('The first texts of the validation part.')),
  ];
}

function examples(
  title: Text,
  rows: readonly { text: string; label: string; answer: string; probability: number }[],
  note: Text,
): ReportBlock {
  return {
    kind: 'table',
    title,
    columns: [phrase('text'), phrase('true class'), phrase('predicted class'), phrase('probability')],
    rows: rows
      .slice(0, EXAMPLES)
      .map(({ text, label, answer, probability }) => [inOneLine(text), label, answer, Number(probability.toFixed(3))]),
    note: rows.length === 0 ? phrase('None.') : note,
  };
}

/** A text in one line of at most `CHARACTERS`. */
export function inOneLine(text: string): string {
  return shortened(text.replaceAll(/\s+/g, ' '), CHARACTERS);
}
