import { InputError } from '../../../data/inputError.ts';
import { joined, phrase } from '../../../phrases/phrase.ts';
import type { Classifier } from '../../../sentiment/classifier.ts';
import { multiLabelMetrics } from '../../../training/multiLabelMetrics.ts';
import type { Evaluated } from '../storedModel.ts';
import { truthOf } from './multiLabelFamily.ts';

/**
 * Scores a classifier whose texts may have several labels.
 * @throws InputError for labels that it does not know
 */
export async function evaluateLabelSets(
  classifier: Classifier,
  thresholds: readonly number[],
  items: readonly { readonly text: string; readonly labels: readonly string[] }[],
  path: string,
): Promise<Omit<Evaluated, 'skipped'>> {
  const { labels } = classifier;
  const unknown = [...new Set(items.flatMap((item) => item.labels))].filter((label) => !labels.includes(label));
  if (unknown.length > 0)
    throw new InputError(
      'unknown-label',
      phrase(
        '"{0}" has labels that the model does not know: {1}. Its classes are {2}.',
        path,
        unknown.map((label) => JSON.stringify(label)).join(', '),
        labels.join(', '),
      ),
    );
  const found = await classifier.classify(items.map(({ text }) => text));
  const { labels: each, ...metrics } = multiLabelMetrics(
    found.map(({ probabilities }) => probabilities),
    items.map((item) => truthOf(item, labels)),
    thresholds,
  );
  const { n, microF1, macroF1, exactMatch, auc, logLoss } = metrics;
  const measured = phrase(
    'micro F1 {0}, macro F1 {1}, exactly the right labels {2} %, area under the ROC curve {3}, log loss {4} nats, over {5} texts',
    microF1.toFixed(4),
    macroF1.toFixed(4),
    (100 * exactMatch).toFixed(1),
    auc === null ? '-' : auc.toFixed(4),
    logLoss.toFixed(4),
    n,
  );
  const rows = each.map(({ threshold, f1, support }, index) =>
    phrase(
      '{0}: F1 {1} with threshold {2}, {3} texts',
      labels[index] ?? '',
      f1.toFixed(4),
      threshold.toFixed(3),
      support,
    ),
  );
  return {
    measures: {
      task: 'classification',
      ...metrics,
      labels,
      labelScores: each.map((scores, index) => ({ label: labels[index], ...scores })),
    },
    summary: joined([measured, ...rows], '\n  '),
    predictions: found.map(({ label, probabilities }) => [label, ...probabilities].join('\t')),
  };
}
