import type { RunRecord } from '../../../runs/record.ts';
import { classesOf } from '../../../sentiment/labelNames.ts';
import { classificationMetrics } from '../../../training/classificationMetrics.ts';
import type { Evaluated, StoredModel } from '../storedModel.ts';
import { readLabeled } from './classificationData.ts';
import { classifierReading } from './classifierReading.ts';
import { RunClassifier } from './runClassifier.ts';
import { loadClassifier } from './savedClassifier.ts';

/** The classifier of a run. */
export async function openClassifier(folder: string, record: RunRecord): Promise<StoredModel> {
  const { answers, network, vocabulary } = await loadClassifier(folder);
  const reading = classifierReading(network, answers, vocabulary);
  const classifier = new RunClassifier(answers);
  const { task } = record.config;
  return {
    classifier,
    ...(reading && { reading }),
    async evaluate(path, columns): Promise<Evaluated> {
      const chosen =
        task.name === 'classification'
          ? {
              text: columns.text ?? (task.textColumn || undefined),
              label: columns.label ?? (task.labelColumn || undefined),
            }
          : columns;
      const { items, skipped } = await readLabeled({ kind: 'file', path }, chosen, 'skip');
      const { labels } = classifier;
      const classes = classesOf([...new Set(items.map(({ label }) => label))], labels, path);
      const found = await classifier.classify(items.map(({ text }) => text));
      const metrics = classificationMetrics(
        found.map(({ probabilities }) => probabilities),
        items.map(({ label }) => classes.get(label) ?? 0),
      );
      const { n, accuracy, macroF1, logLoss, calibrationError: ece, confusionMatrix: confusion } = metrics;
      const rows = confusion.map(
        (row, index) =>
          `  ${labels[index] ?? ''}: ${row.flatMap((count, answer) => (count > 0 ? [`${count} as ${labels[answer] ?? ''}`] : [])).join(', ')}`,
      );
      return {
        measures: { task: 'classification', n, accuracy, macroF1, logLoss, ece, confusion, labels },
        summary: [
          `accuracy ${accuracy.toFixed(4)}, macro F1 ${macroF1.toFixed(4)}, log loss ${logLoss.toFixed(4)} nats, calibration error ${ece.toFixed(4)}, over ${n} texts`,
          ...rows,
        ].join('\n'),
        predictions: found.map(({ label, probability }) => `${label}\t${probability}`),
        skipped,
      };
    },
    dispose: () => classifier.dispose(),
  };
}
