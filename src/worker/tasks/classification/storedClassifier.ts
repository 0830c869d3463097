import type { RunRecord } from '../../../runs/record.ts';
import { classesOf } from '../../../sentiment/labelNames.ts';
import { classificationMetrics } from '../../../training/classificationMetrics.ts';
import { readSource } from '../dataFiles.ts';
import { likeliestAnswers } from '../likeliestAnswers.ts';
import type { Evaluated, StoredModel } from '../storedModel.ts';
import { joined, phrase } from '../../../phrases/phrase.ts';
import { readLabeled, separatorOf } from './classificationData.ts';
import { classifierReading } from './classifierReading.ts';
import { RunClassifier } from './runClassifier.ts';
import { evaluateLabelSets } from './evaluateLabelSets.ts';
import { loadClassifier } from './savedClassifier.ts';

/** The classifier of a run. */
export async function openClassifier(folder: string, record: Pick<RunRecord, 'config'>): Promise<StoredModel> {
  const { answers, network, vocabulary } = await loadClassifier(folder);
  const reading = classifierReading(network, answers, vocabulary);
  const classifier = new RunClassifier(answers);
  const { task } = record.config;
  return {
    classifier,
    ...(reading && { reading }),
    async answer(text, top) {
      const [found] = await classifier.classify([text]);
      const classes = likeliestAnswers(classifier.labels, found?.probabilities ?? [], top);
      return { of: 'text', pieces: [{ text, top: classes }] };
    },
    async evaluate(path, columns): Promise<Evaluated> {
      const chosen =
        task.name === 'classification'
          ? {
              text: columns.text ?? (task.textColumn || undefined),
              label: columns.label ?? (task.labelColumn || undefined),
            }
          : columns;
      const separator = separatorOf(record.config);
      const { items, skipped } = await readLabeled(
        readSource({ kind: 'file', path }, record.config),
        { ...chosen, separator },
        'skip',
      );
      const { labels } = classifier;
      if (answers.thresholds)
        return { ...(await evaluateLabelSets(classifier, answers.thresholds, items, path)), skipped };
      const classes = classesOf([...new Set(items.map(({ label }) => label))], labels, path);
      const found = await classifier.classify(items.map(({ text }) => text));
      const metrics = classificationMetrics(
        found.map(({ probabilities }) => probabilities),
        items.map(({ label }) => classes.get(label) ?? 0),
      );
      const { n, accuracy, macroF1, logLoss, calibrationError: ece, confusionMatrix: confusion } = metrics;
      const rows = confusion.map((row, index) => {
        const answered = row.flatMap((count, answer) =>
          count > 0 ? [phrase('{0} as {1}', count, labels[answer] ?? '')] : [],
        );
        return phrase('{0}: {1}', labels[index] ?? '', joined(answered, ', '));
      });
      const measured = phrase(
        'accuracy {0}, macro F1 {1}, log loss {2} nats, calibration error {3}, over {4} texts',
        accuracy.toFixed(4),
        macroF1.toFixed(4),
        logLoss.toFixed(4),
        ece.toFixed(4),
        n,
      );
      return {
        measures: { task: 'classification', n, accuracy, macroF1, logLoss, ece, confusion, labels },
        summary: joined([measured, ...rows], '\n  '),
        predictions: found.map(({ label, probability }) => `${label}\t${probability}`),
        skipped,
      };
    },
    dispose: () => classifier.dispose(),
  };
}
