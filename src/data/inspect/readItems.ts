import { basename, relative } from 'node:path';
import { InputError } from '../inputError.ts';
import { readTextFolder } from '../labeled/textFolder.ts';
import { readLines } from '../lines.ts';
import { readTable } from '../table/readTable.ts';
import { BLANKS } from '../table/scanRows.ts';
import type { Table } from '../table/table.ts';
import { readTagged } from '../tagged/readTagged.ts';
import type { TextSource } from '../../config/textSource.ts';
import { sourceName } from '../textReader.ts';
import type { DataInspection, DataKind, InspectedColumn } from './inspection.ts';
import { type ColumnRole, guessRoles, statisticsOf, taskOf } from './roles.ts';
import { joined, phrase, type Text } from '../../phrases/phrase.ts';

/** Training example of a task. */
export interface DataItem {
  /** Input text. */
  readonly text: string;
  /** Words, if the data set contains separate words. */
  readonly words?: readonly string[];
  /** One label, one tag per word, or empty for tasks without labels. */
  readonly labels: readonly string[];
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
}

/** Maximum number of rows shown, and of characters per cell. */
const MAX_ROWS = 20;
const MAX_CHARACTERS = 300;

/** Describes the syntax of a table, such as "tab-separated values, header in the first line". */
function describeFormat({ format, dialect: { delimiter }, header }: Table): Text {
  if (format === 'jsonl') return phrase('JSON Lines');
  if (format === 'json') return phrase('array of JSON objects');
  const named: Readonly<Record<string, Text>> = {
    ',': phrase('comma-separated values'),
    '\t': phrase('tab-separated values'),
    [BLANKS]: phrase('columns separated by blanks'),
  };
  const values = named[delimiter] ?? phrase('values separated by "{0}"', delimiter);
  return joined([values, header ? phrase(', header in the first line') : phrase(', no header')], '');
}

/**
 * Reads a data set for an inspection.
 * @param roles roles of the columns, if the user has changed the guess
 * @throws InputError if the data cannot be read or used, or the roles do not form a task
 */
export async function readItems(source: TextSource, kind: DataKind, roles?: readonly ColumnRole[]): Promise<ReadData> {
  switch (kind) {
    case 'table':
      return fromTable(await readTable(source), roles);
    case 'tagged':
      return fromTagged(source, roles);
    case 'folder':
      return fromFolder(sourceName(source));
    case 'text':
      return fromText(source);
  }
}

function fromTable(table: Table, wanted?: readonly ColumnRole[]): ReadData {
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
  const usable = (row: (typeof rows)[number]) =>
    row.text.trim() !== '' && (task === 'language-model' || row.answer !== '');
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
  return {
    kind: 'table',
    format: describeFormat(table),
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
      labels: task === 'classification' ? [row.answer] : [],
      target: pairs ? row.answer : '',
    })),
    problems: [...table.problems, ...blank]
      .sort((a, b) => a.line - b.line)
      .map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
  };
}

async function fromTagged(source: TextSource, wanted?: readonly ColumnRole[]): Promise<ReadData> {
  const word = wanted?.indexOf('word') ?? -1;
  const tag = wanted?.indexOf('tag') ?? -1;
  if (wanted && (word < 0 || tag < 0))
    throw new InputError('no-column', phrase('"{0}": choose a column of words and one of tags.', sourceName(source)));
  const { sentences, problems } = await readTagged(source, wanted ? { columns: { word: word + 1, tag: tag + 1 } } : {});
  const cells = await firstCells(source);
  const width = cells[0]?.cells.length ?? 2;
  const conllu = width === 10;
  const roles =
    wanted ??
    Array.from({ length: width }, (_, i): ColumnRole =>
      i === (conllu ? 1 : 0) ? 'word' : i === (conllu ? 3 : width - 1) ? 'tag' : 'unused',
    );
  return {
    kind: 'tagged',
    format: conllu
      ? phrase('CoNLL-U: one word per line, a blank line after each sentence')
      : phrase('a word and its tag per line, a blank line after each sentence'),
    task: 'tagging',
    tasks: ['tagging'],
    columns: roles.map((role, index) => ({
      name: phrase('column {0}', index + 1),
      role,
      ...columnFigures({ rows: cells }, index),
    })),
    rows: cells
      .slice(0, MAX_ROWS)
      .map(({ line, cells: row }) => ({ where: phrase('line {0}', line), cells: row.map(shortened) })),
    item: 'sentence',
    items: sentences.map(({ words, tags }) => ({ text: words.join(' '), words, labels: tags, target: '' })),
    problems: problems.map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
  };
}

/** Maximum number of lines used for the column statistics of a tagged file. */
const COUNTED_LINES = 20_000;

async function firstCells(source: TextSource): Promise<{ line: number; cells: string[] }[]> {
  const rows: { line: number; cells: string[] }[] = [];
  for await (const { number, text } of readLines(source)) {
    if (text.trim() === '' || text.startsWith('# ')) continue;
    rows.push({ line: number, cells: text.includes('\t') ? text.split('\t') : text.trim().split(/ +/) });
    if (rows.length >= COUNTED_LINES) break;
  }
  return rows;
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
