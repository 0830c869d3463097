import type { RunConfig } from '../../../config/schema.ts';
import type { TaskConfig } from '../../../config/task.ts';
import { InputError, type RowProblem } from '../../../data/inputError.ts';
import { splitByText } from '../../../data/labeled/split.ts';
import { readTagged } from '../../../data/tagged/readTagged.ts';
import { tagSchemeOf, type TagScheme } from '../../../data/tagged/tagScheme.ts';
import type { TaggedSentence } from '../../../data/tagged/taggedText.ts';
import { sourceName } from '../../../data/textReader.ts';
import type { TextSource } from '../../../config/textSource.ts';
import { Generator } from '../../../random/generator.ts';
import type { DataFiles } from '../dataFiles.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';

export type TaggingConfig = Extract<TaskConfig, { name: 'tagging' }>;

/** Tagged sentences for training and validation. */
export interface TaggingData {
  readonly train: readonly TaggedSentence[];
  readonly validation: readonly TaggedSentence[];
  /** All tags of the training part, sorted. */
  readonly tags: readonly string[];
  /** Scheme of the tags; undefined if they do not mark entities. */
  readonly scheme: TagScheme | undefined;
  /** Messages about the rows and sentences that were skipped. */
  readonly notices: readonly Text[];
}

/** @throws InputError for files that cannot be used */
export async function readTaggingData(
  { train, validation }: DataFiles,
  { task, data, seed }: RunConfig,
): Promise<TaggingData> {
  const { columns, badRows } = readingOf(task);
  const main = await readSentences(train, columns, badRows);
  const other = validation && (await readSentences(validation, columns, badRows));
  const keyed = main.sentences.map((sentence) => ({ sentence, text: sentence.words.join(' ') }));
  const [first, second] = other
    ? [main.sentences, other.sentences]
    : splitByText(keyed, data.validationShare, Generator.forPurpose(seed, 'split')).map((part) =>
        part.map(({ sentence }) => sentence),
      );
  if (!first || !second || first.length === 0 || second.length === 0) {
    throw new InputError(
      'too-short',
      phrase(
        '"{0}" has too few distinct sentences to hold some out for validation. Set data.validation to a file, or add sentences.',
        sourceName(train),
      ),
    );
  }
  const tags = [...new Set(first.flatMap((sentence) => sentence.tags))].sort();
  const { kept, unknown } = withKnownTags(second, tags);
  if (kept.length === 0)
    throw new InputError(
      'unknown-label',
      phrase(
        'Every validation sentence has a tag that does not occur in the training data. Its tags are {0}.',
        tags.join(', '),
      ),
    );
  return {
    train: first,
    validation: kept,
    tags,
    scheme: tagSchemeOf(first.map((sentence) => sentence.tags)),
    notices: [...main.notices, ...(other?.notices ?? []), ...describeUnknownTags(unknown, second.length - kept.length)],
  };
}

/** Sentences of a file in which every tag is known, and the unknown tags of the others. */
export function withKnownTags(
  sentences: readonly TaggedSentence[],
  tags: readonly string[],
): { kept: TaggedSentence[]; unknown: string[] } {
  const known = new Set(tags);
  const kept = sentences.filter((sentence) => sentence.tags.every((tag) => known.has(tag)));
  const unknown = [...new Set(sentences.flatMap((sentence) => sentence.tags.filter((tag) => !known.has(tag))))];
  return { kept, unknown };
}

/** Reader options from the configuration of the task. */
export function readingOf(task: TaskConfig): {
  columns: { word: number; tag: number } | undefined;
  badRows: TaggingConfig['badRows'];
} {
  if (task.name !== 'tagging') throw new Error(`The task ${task.name} is not tagging.`);
  const { wordColumn: word, tagColumn: tag, badRows } = task;
  if ((word === 0) !== (tag === 0))
    throw new InputError('no-column', phrase('Name both task.wordColumn and task.tagColumn, or neither.'));
  return { columns: word === 0 ? undefined : { word, tag }, badRows };
}

async function readSentences(
  source: TextSource,
  columns: { word: number; tag: number } | undefined,
  badRows: TaggingConfig['badRows'],
) {
  const { sentences, problems, notes } = await readTagged(source, { columns });
  const [problem] = problems;
  const name = source.kind === 'file' ? source.path : source.name;
  if (problem && badRows === 'refuse') {
    throw new InputError(
      'unreadable',
      phrase('"{0}", line {1}: {2}. Fix the row, or set task.badRows to "skip".', name, problem.line, problem.reason),
    );
  }
  return { sentences, notices: [...notes, ...describeSkipped(name, problems)] };
}

function describeSkipped(name: string, problems: readonly RowProblem[]): Text[] {
  const [first] = problems;
  if (!first) return [];
  return [
    phrase('Skipped rows of {0}: {1}. The first is line {2}: {3}.', name, problems.length, first.line, first.reason),
  ];
}

function describeUnknownTags(unknown: readonly string[], count: number): Text[] {
  if (count === 0) return [];
  return [
    phrase(
      'Skipped validation sentences: {0}, because these tags do not occur in the training data: {1}.',
      count,
      unknown.join(', '),
    ),
  ];
}
