import { type ColumnChoice, labeledTexts } from '../data/labeled/labeledTexts.ts';
import { readTable, type TableOptions } from '../data/table/readTable.ts';
import type { RowProblem } from '../data/rowProblem.ts';
import type { TextSource } from '../data/textReader.ts';
import { classificationMetrics, type ClassificationMetrics } from '../training/classificationMetrics.ts';
import { classesOf } from './labelNames.ts';
import type { SentimentModel } from './sentimentModel.ts';

/** How well a classifier does on a table of texts with their labels. */
interface ClassifierEvaluation extends ClassificationMetrics {
  /** The model's classes, in the order of the rows and columns of `confusionMatrix`. */
  readonly labels: readonly string[];
}

interface Prediction {
  /** In the file's own words. */
  readonly label: string;
  /** Of that label. */
  readonly probability: number;
}

export interface EvaluatedTable {
  readonly evaluation: ClassifierEvaluation;
  /** One for each row that could be read, in their order. */
  readonly predictions: readonly Prediction[];
  /** Rows that could not be read. */
  readonly problems: readonly RowProblem[];
}

/**
 * Classifies every text of a table and measures the answers against its labels.
 * @throws InputError for a table that cannot be read, has no column of labels, or labels that are no class of the model
 */
export async function evaluateTable(
  model: SentimentModel,
  source: TextSource,
  columns: ColumnChoice = {},
  options: TableOptions = {},
): Promise<EvaluatedTable> {
  const table = await readTable(source, options);
  const { items, labels } = labeledTexts(table, columns);
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
  return { evaluation: { ...metrics, labels: model.labels }, predictions, problems: table.problems };
}
