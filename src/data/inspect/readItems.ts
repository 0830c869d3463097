import { basename, relative } from 'node:path';
import { InputError } from '../inputError.ts';
import { labelSeparatorOf, labelSetOf } from '../labeled/labelSets.ts';
import { readTextFolder } from '../labeled/textFolder.ts';
import { readLines } from '../lines.ts';
import { type LabeledTable, readLabeledTable } from '../labeled/fastText.ts';
import type { Table } from '../table/table.ts';
import { readTagged } from '../tagged/readTagged.ts';
import type { TextSource } from '../../config/textSource.ts';
import { sourceName } from '../textReader.ts';
import type { DataInspection, DataKind, InspectedColumn } from './inspection.ts';
import { type ColumnRole, guessRoles, statisticsOf, taskOf } from './roles.ts';
import { entityTypes } from '../tagged/tagScheme.ts';
import { joined, phrase, type Text } from '../../phrases/phrase.ts';

/** Training example of a task. */
export interface DataItem {
  /** Input text. */
  readonly text: string;
  /** Words, if the data set contains separate words. */
  readonly words?: readonly string[];
  /** One label, one tag per word, or empty for tasks without labels. */
  readonly labels: readonly string[];
  /** The cell of several labels. */
  readonly cell?: string | undefined;
  /** Target text, or empty for tasks without targets. */
  readonly target: string;
}

/** Completely read data set. */
export interface ReadData extends Pick<
  DataInspection,
  'kind' | 'format' | 'task' | 'tasks' | 'columns' | 'rows' | 'item'
> {
  readonly items: readonly DataItem[];
  readonly problems: DataInspection['problems']['first'];
  /** Sentences about what was read and what was left out. */
  readonly notes?: readonly Text[];
  /** Separator of several labels of a text; undefined if each text has one. */
  readonly labelSeparator?: string | undefined;
}

/** Maximum number of rows shown, and of characters per cell. */
const MAX_ROWS = 20;
const MAX_CHARACTERS = 300;

const FORMATS = {
  csv: phrase('comma-separated values'),
  tsv: phrase('tab-separated values'),
  jsonl: phrase('JSON Lines'),
};

/**
 * Reads a data set for an inspection.
 * @param roles roles of the columns, if the user has changed the guess
 * @throws InputError if the data cannot be read or used, or the roles do not form a task
 */
export async function readItems(source: TextSource, kind: DataKind, roles?: readonly ColumnRole[]): Promise<ReadData> {
  switch (kind) {
    case 'table':
      return fromTable(await readLabeledTable(source, { several: true }), roles);
    case 'tagged':
      return fromTagged(source, roles);
    case 'folder':
      return fromFolder(sourceName(source));
    case 'text':
      return fromText(source);
  }
}

function fromTable(table: LabeledTable, wanted?: readonly ColumnRole[]): ReadData {
  const roles = wanted ?? guessRoles(table);
  const task = taskOf(roles);
  if (roles.length !== table.columns.length || !task) {
    throw new InputError(
      'no-column',
      phrase('"{0}": choose a column of texts and one of labels, or one of sources and one of targets.', table.name),
    );
  }
  const at = (role: ColumnRole) => roles.indexOf(role);
  const [text, answer] = task === 'sequence-to-sequence' ? [at('source'), at('target')] : [at('text'), at('label')];
  const pairs = task === 'sequence-to-sequence';
  const rows = table.rows.map(({ line, cells }) => ({
    line,
    text: cells[text] ?? '',
    answer: (cells[answer] ?? '').trim(),
  }));
  const separator = task === 'classification' ? separatorIn(table, answer) : undefined;
  const usable = (row: (typeof rows)[number]) =>
    row.text.trim() !== '' && (task === 'language-model' || row.answer !== '' || separator !== undefined);
  const blank = rows
    .filter((row) => !usable(row))
    .map((row) => ({
      line: row.line,
      reason:
        row.text.trim() === ''
          ? phrase('the text is blank')
          : pairs
            ? phrase('the target is blank')
            : phrase('the label is blank'),
    }));
  const { format } = table;
  const delimiter =
    format.kind === 'csv' && format.delimiter !== ',' ? phrase(', separated by "{0}"', format.delimiter) : '';
  const header =
    format.kind === 'jsonl' ? '' : table.header ? phrase(', header in the first line') : phrase(', no header');
  return {
    kind: 'table',
    format: table.described ?? joined([FORMATS[format.kind], delimiter, header], ''),
    task,
    tasks: table.columns.length > 1 ? ['classification', 'sequence-to-sequence', 'language-model'] : ['language-model'],
    columns: table.columns.map((name, index) => ({
      name,
      role: roles[index] ?? 'unused',
      ...columnFigures(table, index),
    })),
    rows: table.rows
      .slice(0, MAX_ROWS)
      .map(({ line, cells }) => ({ where: phrase('line {0}', line), cells: cells.map(shortened) })),
    item: pairs ? 'pair' : 'text',
    items: rows.filter(usable).map((row) => ({
      text: row.text,
      labels:
        task !== 'classification' ? [] : separator === undefined ? [row.answer] : labelSetOf(row.answer, separator),
      ...(separator !== undefined && { cell: row.answer }),
      target: pairs ? row.answer : '',
    })),
    problems: [...table.problems, ...blank]
      .sort((a, b) => a.line - b.line)
      .map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
    ...(separator !== undefined && {
      labelSeparator: separator,
      notes: [
        phrase(
          'A text may have several labels, separated by {0}. Training decides about each by itself if task.labelSeparator is set to it.',
          JSON.stringify(separator),
        ),
      ],
    }),
  };
}

/** The separator of several labels in a column, if there are any. */
function separatorIn(table: LabeledTable, column: number): string | undefined {
  const cells = table.rows.map(({ cells: row }) => row[column] ?? '');
  if (table.described === undefined) return labelSeparatorOf(cells);
  return cells.some((cell) => cell.includes(' ')) ? ' ' : undefined;
}

async function fromTagged(source: TextSource, wanted?: readonly ColumnRole[]): Promise<ReadData> {
  const word = wanted?.indexOf('word') ?? -1;
  const tag = wanted?.indexOf('tag') ?? -1;
  if (wanted && (word < 0 || tag < 0))
    throw new InputError('no-column', phrase('"{0}": choose a column of words and one of tags.', sourceName(source)));
  const found = await readTagged(source, wanted ? { columns: { word: word + 1, tag: tag + 1 } } : {});
  const { sentences, problems, rows: cells, names, columns, format, notes, tags, scheme } = found;
  const width = cells[0]?.cells.length ?? 2;
  const roles =
    wanted ??
    Array.from({ length: width }, (_, i): ColumnRole =>
      i + 1 === columns.word ? 'word' : i + 1 === columns.tag ? 'tag' : 'unused',
    );
  const types = entityTypes(tags);
  return {
    kind: 'tagged',
    format,
    task: 'tagging',
    tasks: ['tagging'],
    columns: roles.map((role, index) => ({
      name: names[index] ?? phrase('column {0}', index + 1),
      role,
      ...columnFigures({ rows: cells }, index),
    })),
    rows: cells
      .slice(0, MAX_ROWS)
      .map(({ line, cells: row }) => ({ where: phrase('line {0}', line), cells: row.map(shortened) })),
    item: 'sentence',
    items: sentences.map((sentence) => ({
      text: sentence.words.join(' '),
      words: sentence.words,
      labels: sentence.tags,
      target: '',
    })),
    problems: problems.map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
    notes: [
      ...(scheme === undefined
        ? []
        : [phrase('The tags mark entities in the scheme {0}, of these types: {1}.', scheme, types.join(', '))]),
      ...notes,
    ],
  };
}

async function fromFolder(folder: string): Promise<ReadData> {
  const { layout, items, problems } = await readTextFolder(folder);
  const where = (file: string) => relative(folder, file);
  const rows = items.map(({ text, label, file, line }) => ({ line, cells: [text, label], file }));
  return {
    kind: 'folder',
    format:
      layout.label === 'folder'
        ? phrase('a folder for each label, a text in each file')
        : phrase('a file for each label, a text in each line'),
    task: 'classification',
    tasks: ['classification'],
    columns: [
      {
        name: layout.text === 'file' ? phrase('the file') : phrase('the line'),
        role: 'text',
        ...columnFigures({ rows }, 0),
      },
      {
        name: layout.label === 'folder' ? phrase("the folder's name") : phrase("the file's name"),
        role: 'label',
        ...columnFigures({ rows }, 1),
      },
    ],
    rows: spread(rows, MAX_ROWS).map(({ file, line, cells }) => ({
      where: layout.text === 'line' ? phrase('{0}, line {1}', where(file), line) : where(file),
      cells: cells.map(shortened),
    })),
    item: 'text',
    items: items.map(({ text, label }) => ({ text, labels: [label], target: '' })),
    problems: problems.map(({ file, reason }) => ({ where: where(file), reason })),
  };
}

async function fromText(source: TextSource): Promise<ReadData> {
  const items: DataItem[] = [];
  const rows: ReadData['rows'][number][] = [];
  for await (const { number, text } of readLines(source)) {
    if (rows.length < MAX_ROWS && text.trim() !== '')
      rows.push({ where: phrase('line {0}', number), cells: [shortened(text)] });
    items.push({ text, labels: [], target: '' });
  }
  if (rows.length === 0)
    throw new InputError(
      'empty',
      phrase('"{0}" contains no text. Choose a file that contains text.', basename(sourceName(source))),
    );
  return {
    kind: 'text',
    format: phrase('plain text'),
    task: 'language-model',
    tasks: ['language-model'],
    columns: [],
    rows,
    item: 'line',
    items,
    problems: [],
  };
}

function columnFigures(table: Pick<Table, 'rows'>, index: number): Omit<InspectedColumn, 'name' | 'role'> {
  const { distinct, blank, meanLength } = statisticsOf(table, index);
  return { distinct, blank, meanLength };
}

/** Selects up to `limit` items at equal distances, so that every class is represented. */
function spread<T>(items: readonly T[], limit: number): T[] {
  const step = Math.max(1, items.length / limit);
  return Array.from({ length: Math.min(limit, items.length) }, (_, i) => items[Math.floor(i * step)] as T);
}

function shortened(cell: string): string {
  const characters = [...cell.slice(0, 2 * MAX_CHARACTERS)];
  return characters.length > MAX_CHARACTERS ? `${characters.slice(0, MAX_CHARACTERS - 1).join('')}…` : cell;
}
