import { type ColumnChoice, labeledTexts } from '../data/labeled/labeledTexts.ts';
import { readLabeledTable } from '../data/labeled/fastText.ts';
import type { TableOptions } from '../data/table/readTable.ts';
import type { RowProblem } from '../data/inputError.ts';
import type { Text } from '../phrases/phrase.ts';
import type { TextSource } from '../config/textSource.ts';
import { classificationMetrics, type ClassificationMetrics } from '../training/classificationMetrics.ts';
import { classesOf } from './labelNames.ts';
import type { SentimentModel } from './sentimentModel.ts';

/** Metrics of a classifier on a labeled table. */
interface ClassifierEvaluation extends ClassificationMetrics {
  /** The model's classes, in the order of the rows and columns of `confusionMatrix`. */
  readonly labels: readonly string[];
}

interface Prediction {
  /** Predicted label, under the name that the file uses. */
  readonly label: string;
  /** Probability of `label`. */
  readonly probability: number;
}

export interface EvaluatedTable {
  readonly evaluation: ClassifierEvaluation;
  /** One prediction per readable row, in file order. */
  readonly predictions: readonly Prediction[];
  /** Unreadable rows. */
  readonly problems: readonly RowProblem[];
  /** What was assumed about the file. */
  readonly notes: readonly Text[];
}

/**
 * Classifies every text of a table and compares the answers with its labels.
 * @throws InputError if the table is unreadable, has no label column, or has labels that the model does not know
 */
export async function evaluateTable(
  model: SentimentModel,
  source: TextSource,
  columns: ColumnChoice = {},
  options: TableOptions = {},
): Promise<EvaluatedTable> {
  const table = await readLabeledTable(source, { ...options, named: [columns.text, columns.label] });
  const { items, labels, problems } = labeledTexts(table, columns);
  const classes = classesOf(labels, model.labels, table.name);
  const answers = await model.classify(
    items.map(({ text }) => text),
    { signal: options.signal },
  );
  const metrics = classificationMetrics(
    answers.map(({ probabilities }) => probabilities),
    items.map(({ label }) => classes.get(label)!),
  );
  const ownNames = new Map([...classes].map(([name, index]) => [model.labels[index], name]));
  const predictions = answers.map(({ label, probability }) => ({ label: ownNames.get(label) ?? label, probability }));
  return {
    evaluation: { ...metrics, labels: model.labels },
    predictions,
    problems: [...table.problems, ...problems],
    notes: table.notes,
  };
}
