import { basename } from 'node:path';
import type { RunConfig } from '../../../config/schema.ts';
import type { TaskConfig } from '../../../config/task.ts';
import { InputError } from '../../../data/inputError.ts';
import { describeJointLabels, labelSeparatorOf, labelSetOf, similarLabels } from '../../../data/labeled/labelSets.ts';
import { type ColumnChoice, labeledTexts, sortedLabels } from '../../../data/labeled/labeledTexts.ts';
import { splitLabeled } from '../../../data/labeled/split.ts';
import { isFolder } from '../../../data/packed/byteFile.ts';
import { readTextFolder } from '../../../data/labeled/textFolder.ts';
import { sourceName } from '../../../data/textReader.ts';
import { readLabeledTable } from '../../../data/labeled/fastText.ts';
import type { TextSource } from '../../../config/textSource.ts';
import { Generator } from '../../../random/generator.ts';
import type { DataFiles } from '../dataFiles.ts';
import type { SkippedItem } from '../storedModel.ts';
import type { TokenizerWords } from '../../../data/tokenizers/tokenizerWords.ts';
import { type TokenRules, tokenize } from './tokens.ts';
import { phrase, sentences, type Text } from '../../../phrases/phrase.ts';

export type ClassificationConfig = Extract<TaskConfig, { name: 'classification' }>;

/** Tokens and class of a text. */
export interface ClassifiedText {
  readonly text: string;
  /** Forms of its tokens, at most `maximumLength`. */
  readonly forms: readonly string[];
  /** Its label; of several ones, all of them. */
  readonly label: string;
  /** Its labels; more or less than one only if a text may have several. */
  readonly labels: readonly string[];
}

export interface ClassificationData {
  readonly train: readonly ClassifiedText[];
  readonly validation: readonly ClassifiedText[];
  /** All labels of the training part, sorted. */
  readonly labels: readonly string[];
  /** Messages about changes to the user's data. */
  readonly notices: readonly Text[];
}

type Family = RunConfig['model']['family'];

/** Ratio of class sizes above which a message warns of the imbalance. */
const UNBALANCED = 4;

/** The task's part of a configuration. */
export function classificationOf(task: TaskConfig): ClassificationConfig {
  if (task.name !== 'classification') throw new Error(`The task ${task.name} is not classification.`);
  return task;
}

/** The separator of several labels in a cell; empty for one label, and for models that give each text one. */
export function separatorOf({ task, model }: Pick<RunConfig, 'task' | 'model'>): string {
  return decidesSeveral(model.family) && task.name === 'classification' ? task.labelSeparator : '';
}

/** Whether the models of a family can decide about each of several labels. */
function decidesSeveral(family: Family): boolean {
  return family === 'recurrent' || family === 'convolutional';
}

/**
 * @param tokenizer finds subwords, if the model reads them
 * @throws InputError for data that cannot be used
 */
export async function readClassificationData(
  { train, validation }: DataFiles,
  config: RunConfig,
  tokenizer?: TokenizerWords,
): Promise<ClassificationData> {
  const { task, data, seed } = config;
  const own = classificationOf(task);
  const separator = separatorOf(config);
  const columns = {
    text: own.textColumn || undefined,
    label: own.labelColumn || undefined,
    group: own.groupColumn || undefined,
    separator,
  };
  const main = await readLabeled(train, columns, own.badRows);
  const other = validation && (await readLabeled(validation, columns, own.badRows));
  const [first, second] = other
    ? [main.items, other.items]
    : splitLabeled(main.items, data, Generator.forPurpose(seed, 'split'));
  const labels = sortedLabels(new Set(first.flatMap((item) => item.labels)));
  const names = new Set(labels);
  const known = second.filter((item) => item.labels.every((label) => names.has(label)));
  if (labels.length < 2)
    throw new InputError(
      'no-labels',
      phrase('There is only one class ("{0}"). Set task.labelColumn to the column of the labels.', labels[0] ?? ''),
    );
  if (known.length === 0)
    throw new InputError(
      'too-short',
      phrase(
        '"{0}" has too few distinct texts to hold some out for validation. Set data.validation to a file, or add texts.',
        sourceName(train),
      ),
    );
  const cut = { count: 0 };
  const notices: Text[] = [
    ...main.notes,
    ...(other?.notes ?? []),
    ...describeSkipped([...main.skipped, ...(other?.skipped ?? [])]),
    ...(known.length < second.length
      ? [
          phrase(
            '{0} validation texts were skipped, because their labels do not occur in the training data.',
            second.length - known.length,
          ),
        ]
      : []),
    ...describeSimilar(labels),
    ...(separator === ''
      ? [...describeImbalance(first, labels, own), ...describeSeparator(first, config.model.family)]
      : []),
  ];
  const tokenized = {
    train: first.map((item) => cutTokens(item, { ...own, tokenizer }, cut)),
    validation: known.map((item) => cutTokens(item, { ...own, tokenizer }, cut)),
  };
  if (cut.count > 0)
    notices.push(
      phrase(
        '{0} texts are longer than task.maximumLength and were cut off after {1} tokens.',
        cut.count.toLocaleString('en'),
        own.maximumLength,
      ),
    );
  return { ...tokenized, labels, notices };
}

/** Columns of a table, and the separator of several labels in a cell. */
interface LabelReading extends ColumnChoice {
  readonly separator?: string | undefined;
}

/** Text with its label, or its labels. */
interface LabeledItem {
  readonly text: string;
  readonly label: string;
  readonly labels: readonly string[];
  readonly group?: string | undefined;
}

/** Labeled texts of a table or a folder, and the skipped rows. @throws InputError if the data cannot be used */
export async function readLabeled(
  source: TextSource,
  columns: LabelReading,
  badRows: ClassificationConfig['badRows'],
): Promise<{
  items: readonly LabeledItem[];
  skipped: readonly SkippedItem[];
  /** What was assumed about the file. */
  notes: readonly Text[];
}> {
  const { items, skipped, notes } =
    source.kind === 'file' && (await isFolder(source.path))
      ? await fromFolder(source.path)
      : await fromTable(source, columns);
  const [first] = skipped;
  if (first && badRows === 'refuse')
    throw new InputError(
      'unreadable',
      phrase('{0}: {1}. Fix the row, or set task.badRows to "skip".', first.where, first.reason),
    );
  const { separator = '' } = columns;
  return {
    items: items.map((item) => ({
      ...item,
      labels: separator === '' ? [item.label] : labelSetOf(item.label, separator),
    })),
    skipped,
    notes,
  };
}

async function fromTable(source: TextSource, { separator = '', ...choice }: LabelReading) {
  const columns = { ...choice, several: separator !== '' };
  const table = await readLabeledTable(source, { several: columns.several, named: [columns.text, columns.label] });
  const { items, problems } = labeledTexts(table, columns);
  return {
    items,
    notes: table.notes,
    skipped: [...table.problems, ...problems]
      .sort((a, b) => a.line - b.line)
      .map(({ line, reason }) => ({ where: phrase('line {0} of {1}', line, table.name), reason })),
  };
}

async function fromFolder(folder: string) {
  const { items, problems } = await readTextFolder(folder);
  return { items, notes: [], skipped: problems.map(({ file, reason }) => ({ where: basename(file), reason })) };
}

function cutTokens(
  { text, label, labels }: LabeledItem,
  own: ClassificationConfig & TokenRules,
  cut: { count: number },
): ClassifiedText {
  const forms = tokenize(text, own).map(({ form }) => form);
  if (forms.length > own.maximumLength) cut.count++;
  return { text, label, labels, forms: forms.slice(0, own.maximumLength) };
}

function describeSkipped(skipped: readonly SkippedItem[]): Text[] {
  const [first] = skipped;
  return first ? [phrase('Skipped rows: {0}. The first is {1}: {2}.', skipped.length, first.where, first.reason)] : [];
}

function describeSimilar(labels: readonly string[]): Text[] {
  const similar = similarLabels(labels).map((label) => JSON.stringify(label));
  if (similar.length === 0) return [];
  return [phrase('Labels that differ only in case or spaces count as different ones: {0}.', similar.join(', '))];
}

/** Says how to read labels that look like several ones. */
function describeSeparator(items: readonly { readonly label: string }[], family: Family): Text[] {
  const cells = items.map(({ label }) => label);
  const separator = labelSeparatorOf(cells);
  if (separator === undefined) return [];
  const sign = JSON.stringify(separator);
  return [
    sentences(
      describeJointLabels(cells, separator),
      decidesSeveral(family)
        ? phrase('Each is a class. If a text may have several labels, set task.labelSeparator to {0}.', sign)
        : phrase(
            'Each is a class. If a text may have several labels, set model.family to "recurrent" and task.labelSeparator to {0}.',
            sign,
          ),
    ),
  ];
}

function describeImbalance(
  items: readonly { label: string }[],
  labels: readonly string[],
  { classWeights }: ClassificationConfig,
): Text[] {
  const counts = countsOf(items, labels);
  const [most, fewest] = [Math.max(...counts), Math.min(...counts)];
  if (most < UNBALANCED * fewest || classWeights === 'balanced') return [];
  const nameOf = (count: number) => labels[counts.indexOf(count)] ?? '';
  return [
    phrase(
      'The classes are unbalanced: {0} texts of "{1}", {2} of "{3}". Compare macro F1 with accuracy, or set task.classWeights to "balanced".',
      most.toLocaleString('en'),
      nameOf(most),
      fewest.toLocaleString('en'),
      nameOf(fewest),
    ),
  ];
}

/** Number of texts in each class, in the order of the labels. */
export function countsOf(items: readonly { readonly label: string }[], labels: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const { label } of items) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label) => counts.get(label) ?? 0);
}
