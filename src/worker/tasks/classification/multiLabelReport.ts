import { phrase } from '../../../phrases/phrase.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import type { MultiLabelMetrics } from '../../../training/multiLabelMetrics.ts';
import type { ClassificationData } from './classificationData.ts';
import { inOneLine } from './classificationReport.ts';

/** Number of texts shown with their labels. */
const EXAMPLES = 20;

/** The report of a classifier with several labels: the decisions about each label, and those about some texts. */
export function multiLabelReport(
  { labels, validation }: ClassificationData,
  probabilities: readonly (readonly number[])[],
  metrics: MultiLabelMetrics,
): ReportBlock[] {
  const decimals = (value: number | null) => (value === null ? '' : Number(value.toFixed(3)));
  const { microF1, macroF1, exactMatch, auc, n } = metrics;
  const rows = validation.map((text, index) => {
    const found = labels.filter(
      (_, label) => (probabilities[index]?.[label] ?? 0) >= (metrics.labels[label]?.threshold ?? 1),
    );
    return {
      ...text,
      found,
      wrong: found.length !== text.labels.length || found.some((each) => !text.labels.includes(each)),
    };
  });
  return [
    {
      kind: 'table',
      title: phrase('Labels'),
      columns: [
        phrase('label'),
        phrase('threshold'),
        phrase('precision'),
        phrase('recall'),
        phrase('F1'),
        phrase('area under the ROC curve'),
        phrase('texts'),
      ],
      rows: metrics.labels.map((label, index) => [
        labels[index] ?? '',
        decimals(label.threshold),
        decimals(label.precision),
        decimals(label.recall),
        decimals(label.f1),
        decimals(label.auc),
        label.support,
      ]),
      note: phrase(
        'A text gets each label whose probability is at least its threshold. The thresholds have the highest F1 on these {0} texts, so that F1 on new texts is lower: micro F1 {1}, macro F1 {2}, mean area under the ROC curve {3}; {4} % of the texts have exactly the right labels.',
        n.toLocaleString('en'),
        microF1.toFixed(3),
        macroF1.toFixed(3),
        auc === null ? '-' : auc.toFixed(3),
        (100 * exactMatch).toFixed(1),
      ),
    },
    {
      kind: 'table',
      title: phrase('Validation texts'),
      columns: [phrase('text'), phrase('true labels'), phrase('predicted labels'), ''],
      rows: rows
        .slice(0, EXAMPLES)
        .map(({ text, labels: right, found, wrong }) => [
          inOneLine(text),
          right.join(', '),
          found.join(', '),
          wrong ? phrase('wrong') : '',
        ]),
      note: phrase('The first texts of the validation part.'),
    },
  ];
}
