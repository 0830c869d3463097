import { basename } from 'node:path';
import { parseRunConfig } from '../../config/parse.ts';
import type { TaskConfig } from '../../config/task.ts';
import { nameOfPath } from '../../platform/globs.ts';
import { Generator } from '../../random/generator.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import { inPercent, type OnProgress, partOf } from '../progress.ts';
import { splitByText, splitLabeled } from '../labeled/split.ts';
import { numberTexts, type TextNumbers } from '../labeled/textKeys.ts';
import type { TextSource } from '../../config/textSource.ts';
import { joinsAcrossSpace, mayJoin, tokenizeWords } from '../words/tokenizer.ts';
import { unicodeWords } from '../words/unicodeWords.ts';
import { wordsOf } from '../words/segments.ts';
import { countCharacters } from '../codePoints.ts';
import { dataKindOf } from './dataKind.ts';
import type { DataInspection, TaskFields, TokenUnit, UnknownTokens } from './inspection.ts';
import { autoReading } from '../../config/reading.ts';
import { corpusParts, textParts } from './textParts.ts';
import { lengthHistogram } from './lengths.ts';
import { describePlan, describeWarnings } from './describePlan.ts';
import { type DataItem, type ReadData, readItems } from './readItems.ts';
import { repetitionsIn } from './overlap.ts';
import { TokenCounts, type TokenRules } from './tokenCounts.ts';
import { type ColumnRole, type DataTask, taskOf } from './roles.ts';
import { suggestionsFor } from './suggestions.ts';
import { joined } from '../../phrases/phrase.ts';

export interface InspectOptions {
  /** Name of the task that the data is for; guessed if omitted. */
  readonly taskName?: DataTask | undefined;
  /** Roles of the columns, if the guess was changed. */
  readonly roles?: readonly ColumnRole[] | undefined;
  /** Task with its fields, which count if the data set is for this task. */
  readonly task?: TaskConfig | undefined;
  /** Fields of the task of the chosen roles, which replace those of `task`. */
  readonly fields?: TaskFields | undefined;
  /** Path of a separate validation file. */
  readonly validation?: string | undefined;
  /** Fraction held out for validation without a validation file. */
  readonly validationShare: number;
  /** Steps of a window of a series; nothing is said about its season if omitted. */
  readonly sequenceLength?: number | undefined;
  /** How labeled texts are divided; in proportion if omitted. */
  readonly split?: 'stratified' | 'random' | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Fractions of the time of an inspection after which the data are read, divided, and their tokens counted. */
const [READ, DIVIDED, COUNTED] = [0.6, 0.7, 0.9];

const MAX_PROBLEMS = 50;
const MAX_LABELS = 100;
/** Median number of words up to which texts, such as names, are read as characters. */
const FEW_WORDS = 2;
/** Number of items sampled to determine the unit. */
const SAMPLED = 2000;

/**
 * Inspects a data set with the same reader and the same split as training.
 * @throws InputError if it cannot be read or used
 * @throws ConfigError for a field that the task does not have, or a value that it does not take
 */
export async function inspectDataSet(
  source: TextSource,
  {
    taskName,
    roles,
    task: settings,
    fields = {},
    validation: given,
    validationShare,
    sequenceLength,
    split: kind = 'stratified',
    seed,
    signal,
    onProgress,
  }: InspectOptions,
): Promise<DataInspection> {
  const task = withFields(settings, fields, roles);
  const progress = inPercent(onProgress);
  const detected = await dataKindOf(source, taskName);
  const isCorpus = detected === 'folder' && roles !== undefined && taskOf(roles) === 'language-model';
  // A language model holds out a part of its data.
  const file = isCorpus || detected === 'corpus' || detected === 'text' ? undefined : given;
  const data = await readItems(source, isCorpus ? 'corpus' : detected, {
    roles,
    task,
    signal,
    onProgress: partOf(progress, 0, READ),
    ...(sequenceLength !== undefined && {
      window: { validationShare: file === undefined ? validationShare : 0, sequenceLength },
    }),
  });
  const reading = source.reading ?? autoReading;
  const other =
    file === undefined
      ? undefined
      : await readItems({ kind: 'file', path: file, reading }, data.kind, { roles, task, signal });
  const step = async (share: number) => {
    progress(share);
    await yieldToEventLoop(signal);
  };
  await step(READ);
  const corpus = data.documents && corpusParts(data.documents, data.items, validationShare, seed);
  // The items of one file are numbered once, for the division and for the repetitions.
  const texts = corpus || other || data.items.length < 2 ? undefined : numberTexts(data.items);
  const [train, validation] =
    corpus?.items ?? (other ? [data.items, other.items] : split(data, texts, { validationShare, split: kind }, seed));
  await step(DIVIDED);
  const rules = task?.name === 'classification' && data.task === 'classification' ? task : undefined;
  // A tokenizer belongs to a model: without one, words are counted.
  const unit = rules?.tokens === 'subword' ? 'word' : (rules?.tokens ?? unitOf(data));
  const labels = countLabels(train, validation);
  const isSeries = data.task === 'forecasting';
  const text = data.pieces && textParts(data.pieces, validationShare);
  const plain = corpus ?? text;
  const tokens = isSeries || plain ? null : tokenFigures(train, validation, rulesOf(unit, data.task, rules));
  await step(COUNTED);
  const lengths = corpus?.lengths ?? (text ? data.items.map((line) => countCharacters(line.text)) : tokens?.lengths);
  const parts = text
    ? { train: text.train, validation: text.validation }
    : (stepsOf(data, other, validationShare) ?? { train: train.length, validation: validation.length });
  const problems = [
    ...data.problems,
    ...(other?.problems ?? []).map(({ where, reason }) => ({
      where: joined([basename(file ?? ''), where], ', '),
      reason,
    })),
  ];
  const found = {
    name: source.kind === 'file' ? nameOfPath(source.path) : basename(source.name),
    kind: data.kind,
    format: data.format,
    task: data.task,
    tasks: data.tasks,
    columns: data.columns,
    encoding: data.encoding,
    dialect: data.dialect,
    reading,
    rows: data.rows,
    preview: data.preview,
    item: data.item,
    items: parts.train + parts.validation,
    problems: { count: problems.length, first: problems.slice(0, MAX_PROBLEMS) },
    parts: { ...parts, validationFile: file ?? null },
    ...(corpus && { characters: { train: corpus.train, validation: corpus.validation } }),
    labels: labels.slice(0, MAX_LABELS),
    labelCount: labels.length,
    ...(data.labelSeparator !== undefined && { labelSeparator: data.labelSeparator }),
    lengths: lengths ? lengthHistogram(lengths, unit) : null,
    unknown: plain ? plain.unknown : (tokens?.unknown ?? null),
    repeated: isSeries
      ? { repeated: 0, contradicting: 0, shared: 0 }
      : repetitionsIn(texts ? data.items : [...train, ...validation], validation, answerOf, texts),
  };
  return {
    ...found,
    plan: describePlan(found, seed, kind),
    notes: [...data.notes, ...describeWarnings(found)],
    fields,
    suggestions: suggestionsFor(data, task),
  };
}

/** The task of the chosen roles with other values of some of its fields. */
function withFields(
  settings: TaskConfig | undefined,
  fields: TaskFields,
  roles: readonly ColumnRole[] | undefined,
): TaskConfig | undefined {
  const name = roles && taskOf(roles);
  if (name === undefined || Object.keys(fields).length === 0) return settings;
  return parseRunConfig({ task: { ...(settings?.name === name ? settings : { name }), ...fields } }).task;
}

/** The steps of a series in both parts: its tail is for validation, or another file. Undefined for other data. */
function stepsOf(
  { steps }: ReadData,
  other: ReadData | undefined,
  share: number,
): { readonly train: number; readonly validation: number } | undefined {
  if (steps === undefined) return undefined;
  if (other) return { train: steps, validation: other.steps ?? other.items.length };
  const train = Math.floor((1 - share) * steps);
  return { train, validation: steps - train };
}

/** Splits like training: the tail of a text, and a random sample of distinct texts otherwise. */
function split(
  { kind, task, items }: ReadData,
  texts: TextNumbers | undefined,
  how: { readonly validationShare: number; readonly split: 'stratified' | 'random' },
  seed: number,
): [train: readonly DataItem[], validation: readonly DataItem[]] {
  const share = how.validationShare;
  const generator = Generator.forPurpose(seed, 'split');
  if (task === 'classification')
    return splitLabeled(items, how, generator, ({ cell, labels }) => cell ?? labels[0] ?? '', texts);
  if (kind !== 'text') return splitByText(items, share, generator, texts);
  const end = Math.floor((1 - share) * items.length);
  return [items.slice(0, end), items.slice(end)];
}

function unitOf({ kind, items }: ReadData): TokenUnit {
  if (kind === 'text' || kind === 'corpus') return 'character';
  const step = Math.max(1, Math.floor(items.length / SAMPLED));
  const sampled = items.filter((_, i) => i % step === 0);
  const lengths = sampled.map(({ words, text }) => (words ?? wordsOf(text)).length).sort((a, b) => a - b);
  return kind === 'tagged' || (lengths[Math.floor(lengths.length / 2)] ?? 0) > FEW_WORDS ? 'word' : 'character';
}

/** How the texts of a task are split into tokens; those of a classifier by its rules, or by the default ones. */
function rulesOf(
  unit: TokenUnit,
  task: ReadData['task'],
  rules: Extract<TaskConfig, { name: 'classification' }> | undefined,
): TokenRules {
  if (unit === 'character')
    return { unit, tokensIn: (text) => Array.from(text), joins: () => true, mayJoin: () => true };
  if (task !== 'classification') return { unit, tokensIn: wordsOf, joins: () => false, mayJoin: () => false };
  if (rules?.wordRules === 'english')
    return { unit, tokensIn: (text) => tokenizeWords(text).map(({ form }) => form), joins: joinsAcrossSpace, mayJoin };
  const choices = rules ?? { lowerCase: true, stripAccents: false };
  return {
    unit,
    tokensIn: (text) => unicodeWords(text, choices).map(({ form }) => form),
    joins: joinsAcrossSpace,
    mayJoin,
  };
}

/** Lengths of the items in tokens, and the unknown tokens. The tokens of an item are not kept: all would need much memory. */
function tokenFigures(
  train: readonly DataItem[],
  validation: readonly DataItem[],
  rules: TokenRules,
): { readonly lengths: Uint32Array; readonly unknown: UnknownTokens | null } {
  const counts = new TokenCounts(rules);
  const lengths = new Uint32Array(train.length + validation.length);
  train.forEach(({ text, words }, i) => (lengths[i] = counts.train(text, words)));
  validation.forEach(({ text, words }, i) => (lengths[train.length + i] = counts.validate(text, words)));
  return { unknown: counts.unknown, lengths };
}

function answerOf({ labels, target }: DataItem): string {
  return (labels.length > 1 ? labels.join(' ') : labels[0]) || target;
}

function countLabels(train: readonly DataItem[], validation: readonly DataItem[]): DataInspection['labels'][number][] {
  const counts = new Map<string, { train: number; validation: number }>();
  const count = (items: readonly DataItem[], part: 'train' | 'validation') => {
    for (const { labels } of items) {
      for (const label of labels) {
        let found = counts.get(label);
        if (!found) counts.set(label, (found = { train: 0, validation: 0 }));
        found[part]++;
      }
    }
  };
  count(train, 'train');
  count(validation, 'validation');
  const all = [...counts].map(([label, both]) => ({ label, ...both }));
  return all.sort((a, b) => b.train + b.validation - a.train - a.validation || (a.label < b.label ? -1 : 1));
}
