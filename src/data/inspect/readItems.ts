import { basename, relative } from 'node:path';
import { InputError, type RowProblem } from '../inputError.ts';
import { seriesColumnFields } from '../../config/seriesColumns.ts';
import { type TaskConfig, taskSchema } from '../../config/task.ts';
import { readDocuments, type TextDocument } from '../documents/readDocuments.ts';
import { describeJointLabels, labelSeparatorOf, labelSetOf } from '../labeled/labelSets.ts';
import { labeledColumns } from '../labeled/labeledTexts.ts';
import { looksLabeled, readTextFolder } from '../labeled/textFolder.ts';
import { type LabeledTable, readLabeledTable } from '../labeled/fastText.ts';
import { type SeasonOfColumn, seasonNotices, seasonsIn, trainStretches } from '../numeric/preparedSeries.ts';
import { chooseColumns, noticesOf, type NumericSeries, seriesOf } from '../numeric/readSeries.ts';
import { type ForecastingConfig, planOptions, seriesOptions } from '../numeric/seriesOptions.ts';
import { type SeriesTable, seriesTableOf } from '../numeric/seriesTable.ts';
import { ListedRows } from '../table/rows.ts';
import { BLANKS } from '../table/scanRows.ts';
import { timeKind } from '../table/times.ts';
import { columnNamed, type Table } from '../table/table.ts';
import { readTagged } from '../tagged/readTagged.ts';
import type { TextSource } from '../../config/textSource.ts';
import { readText, sourceName } from '../textReader.ts';
import type { DataInspection, DataKind, InspectedColumn } from './inspection.ts';
import { type ColumnRole, type DataTask, guessRoles, statisticsOf, taskOf } from './roles.ts';
import { isFolder } from '../packed/byteFile.ts';
import { type PackedFormat, packedFile } from '../packed/packedKind.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import { type OnProgress, partOf } from '../progress.ts';
import { entityTypes } from '../tagged/tagScheme.ts';
import { joined, phrase, sentences, type Text } from '../../phrases/phrase.ts';

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
  /** Group of rows that stay together. */
  readonly group?: string | undefined;
  /** Target text, or empty for tasks without targets. */
  readonly target: string;
}

/** Completely read data set. */
export interface ReadData extends Pick<
  DataInspection,
  'kind' | 'format' | 'encoding' | 'dialect' | 'task' | 'tasks' | 'columns' | 'rows' | 'preview' | 'item'
> {
  /** Empty for a series. */
  readonly items: readonly DataItem[];
  /** Number of rows of a series. */
  readonly steps?: number | undefined;
  readonly problems: DataInspection['problems']['first'];
  /** Sentences about what was read and what was left out. */
  readonly notes: readonly Text[];
  /** The pieces of a plain text. */
  readonly pieces?: readonly string[];
  /** The documents of a corpus. */
  readonly documents?: readonly TextDocument[];
  /** Separator of several labels of a text; undefined if each text has one. */
  readonly labelSeparator?: string | undefined;
  /** What was found in a series that training can use. */
  readonly series?: Pick<SeriesFindings, 'sentinels' | 'seasons'> | undefined;
}

/** Maximum number of rows shown, and of characters per cell. */
const MAX_ROWS = 20;
const MAX_CHARACTERS = 300;

/** Describes the syntax of a table, such as "tab-separated values, header in the first line". */
function describeFormat({ format, dialect: { delimiter }, header }: Table): Text {
  if (format === 'jsonl') return phrase('JSON Lines');
  if (format === 'json') return phrase('array of JSON objects');
  const packed = format === 'delimited' ? undefined : PACKED[format];
  if (packed !== undefined) return packed;
  const named: ReadonlyMap<string, Text> = new Map([
    [',', phrase('comma-separated values')],
    ['\t', phrase('tab-separated values')],
    [BLANKS, phrase('columns separated by blanks')],
  ]);
  const values = named.get(delimiter) ?? phrase('values separated by "{0}"', delimiter);
  return joined([values, header ? phrase(', header in the first line') : phrase(', no header')], '');
}

/** Names of the formats of tables that are not text. */
const PACKED: Readonly<Record<PackedFormat, Text>> = {
  // eslint-disable-next-line lab/translated -- name of a format
  parquet: 'Parquet',
  // eslint-disable-next-line lab/translated -- name of a format
  arrow: 'Arrow',
  xlsx: phrase('Excel workbook'),
  numpy: phrase('NumPy arrays'),
};

/** What the user has chosen about a data set. */
export interface ItemOptions {
  /** Roles of the columns, if the guess was changed. */
  readonly roles?: readonly ColumnRole[] | undefined;
  /** Task with its fields, which count if the data set is for this task. */
  readonly task?: TaskConfig | undefined;
  /** How a series is divided, and the steps of a window; undefined to say nothing about its season. */
  readonly window?: { readonly validationShare: number; readonly sequenceLength: number } | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Fraction of the time of `readItems` that passes until the rows of a table are found. */
const FINDING = 0.5;

/**
 * Reads a data set for an inspection.
 * @throws InputError if the data cannot be read or used, or the roles do not form a task
 */
export async function readItems(source: TextSource, kind: DataKind, options: ItemOptions = {}): Promise<ReadData> {
  switch (kind) {
    case 'table':
      return fromTable(
        await readLabeledTable(source, {
          several: true,
          named: namedIn(options.task),
          signal: options.signal,
          onProgress: partOf(options.onProgress, 0, FINDING),
        }),
        options,
      );
    case 'tagged':
      return fromTagged(source, options.roles);
    case 'folder':
      return fromFolder(sourceName(source));
    case 'text':
      return fromText(source, options);
    case 'corpus':
      return fromDocuments(source);
  }
}

/** The columns that the settings of a task name. */
function namedIn(task: TaskConfig | undefined): string[] {
  return task?.name === 'classification' ? [task.textColumn, task.labelColumn, task.groupColumn] : [];
}

/** The roles of the columns in a task with its settings, as training chooses them. */
function rolesIn(table: LabeledTable, series: SeriesTable, settings: TaskConfig | undefined): ColumnRole[] {
  const guessed = guessRoles(table);
  if (settings?.name === 'forecasting') return seriesRoles(series, settings) ?? guessed;
  if (settings?.name !== 'classification') return guessed;
  const { textColumn, labelColumn, groupColumn } = settings;
  const { text, label } = labeledColumns(table, { text: textColumn || undefined, label: labelColumn || undefined });
  const group = groupColumn === '' ? undefined : columnNamed(table, groupColumn);
  return table.columns.map((_, column) =>
    column === text ? 'text' : column === label ? 'label' : column === group ? 'group' : 'unused',
  );
}

/** The roles of the columns that the settings name; undefined if they name none, or the table lacks one. */
function seriesRoles(table: SeriesTable, settings: ForecastingConfig): ColumnRole[] | undefined {
  if (settings.inputs === '' && settings.column === '' && settings.timeColumn === '' && settings.seriesColumn === '')
    return undefined;
  try {
    const { inputs, targets, time, group } = chooseColumns(table, seriesOptions(settings));
    return table.columns.map((_, column) =>
      column === time
        ? 'time'
        : column === group
          ? 'group'
          : settings.column !== '' && targets.includes(column)
            ? 'target'
            : inputs.includes(column)
              ? 'value'
              : 'unused',
    );
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

async function fromTable(
  table: LabeledTable,
  { roles: wanted, task: settings, window, signal, onProgress }: ItemOptions,
): Promise<ReadData> {
  const series = seriesTableOf(table);
  const roles = wanted ?? rolesIn(table, series, settings);
  const task = taskOf(roles);
  if (roles.length !== table.columns.length || !task) {
    throw new InputError(
      'no-column',
      phrase(
        '"{0}": choose a column of texts and one of labels, one of sources and one of targets, or columns of numbers.',
        table.name,
      ),
    );
  }
  const at = (role: ColumnRole) => roles.indexOf(role);
  const [text, answer] = task === 'sequence-to-sequence' ? [at('source'), at('target')] : [at('text'), at('label')];
  const pairs = task === 'sequence-to-sequence';
  const group = task === 'classification' && at('group') >= 0 ? at('group') : undefined;
  const { rows } = table;
  const isSeries = task === 'forecasting';
  const separator = task === 'classification' ? separatorIn(table, answer) : undefined;
  const { items, blank } = isSeries
    ? { items: [], blank: [] }
    : itemsOf(table, { task, text, answer, group, separator });
  const figures: ReturnType<typeof tableColumn>[] = [];
  for (const index of table.columns.keys()) {
    onProgress?.(FINDING + ((1 - FINDING) * index) / table.columns.length);
    await yieldToEventLoop(signal);
    figures.push(tableColumn(table, series, index));
  }
  const found = isSeries ? seriesFindings(table, series, wanted, settings, window) : undefined;
  const { encoding, ...dialect } = table.dialect;
  return {
    kind: 'table',
    format: table.described ?? describeFormat(table),
    task,
    tasks: tasksFor(table),
    encoding: Object.hasOwn(PACKED, table.format) ? null : encoding,
    dialect: table.format === 'delimited' ? dialect : null,
    columns: figures.map(({ column }, index) => ({ ...column, role: roles[index] ?? 'unused' })),
    rows: rows.length + table.problems.length,
    preview: rows
      .slice(0, MAX_ROWS)
      .map(({ line, cells }) => ({ where: phrase('line {0}', line), cells: cells.map(shortened) })),
    item: isSeries ? 'row' : pairs ? 'pair' : 'text',
    items,
    ...(isSeries && { steps: rows.length }),
    problems: [...table.problems, ...blank]
      .sort((a, b) => a.line - b.line)
      .map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
    notes: [
      ...distinct([...table.notes, ...figures.flatMap(({ notes }) => notes), ...(found?.notes ?? [])]),
      ...(group === undefined
        ? []
        : [phrase('Texts with the same value in the column "{0}" are in the same part.', table.columns[group] ?? '')]),
      ...(separator === undefined
        ? []
        : [
            sentences(
              describeJointLabels(trimmedCells(table, answer), separator),
              phrase(
                'A text may have several labels, separated by {0}. Training decides about each by itself if task.labelSeparator is set to it.',
                JSON.stringify(separator),
              ),
            ),
          ]),
    ],
    ...(separator !== undefined && { labelSeparator: separator }),
    ...(found && { series: found }),
  };
}

/** The columns of the items of a task. */
interface ItemColumns {
  readonly task: DataTask;
  readonly text: number;
  readonly answer: number;
  readonly group: number | undefined;
  readonly separator: string | undefined;
}

/** The items of a table, and the rows that lack a text, a label or a target. */
function itemsOf(
  { rows }: Table,
  { task, text: textColumn, answer: answerColumn, group: groupColumn, separator }: ItemColumns,
): { readonly items: DataItem[]; readonly blank: RowProblem[] } {
  const items: DataItem[] = [];
  const blank: RowProblem[] = [];
  const pairs = task === 'sequence-to-sequence';
  /** The labels of each cell, which keep no part of the file in memory. */
  const labelsOf = new Map<string, readonly string[]>();
  for (let row = 0; row < rows.length; row++) {
    const text = rows.cell(row, textColumn);
    const answer = rows.cell(row, answerColumn).trim();
    const isBlank = text.trim() === '';
    if (isBlank || (answer === '' && task !== 'language-model' && separator === undefined)) {
      const reason = isBlank
        ? phrase('the text is blank')
        : pairs
          ? phrase('the target is blank')
          : phrase('the label is blank');
      blank.push({ line: rows.lineOf(row), reason });
      continue;
    }
    const group = groupColumn === undefined ? undefined : rows.cell(row, groupColumn).trim() || undefined;
    let labels = NO_LABELS;
    if (task === 'classification') {
      const known = labelsOf.get(answer);
      labels = known ?? (separator === undefined ? [answer] : labelSetOf(answer, separator));
      if (!known) labelsOf.set(answer, labels);
    }
    const target = pairs ? answer : '';
    // Most tables have neither, and millions of rows.
    if (separator === undefined && group === undefined) items.push({ text, labels, target });
    else
      items.push({
        text,
        labels,
        ...(separator !== undefined && { cell: answer }),
        ...(group !== undefined && { group }),
        target,
      });
  }
  return { items, blank };
}

const NO_LABELS: readonly string[] = [];

/** The cells of a column without the white space around them. */
function* trimmedCells({ rows }: Pick<Table, 'rows'>, column: number): Generator<string> {
  for (let row = 0; row < rows.length; row++) yield rows.cell(row, column).trim();
}

interface SeriesFindings {
  /** What training says about the series, or why it refuses the table. */
  readonly notes: readonly Text[];
  readonly sentinels: NumericSeries['sentinels'];
  /** Seasons of the columns that are forecast; empty if the window is unknown. */
  readonly seasons: readonly SeasonOfColumn[];
}

function seriesFindings(
  table: Table,
  numbers: SeriesTable,
  roles: readonly ColumnRole[] | undefined,
  settings: TaskConfig | undefined,
  window: ItemOptions['window'],
): SeriesFindings {
  const task = settings?.name === 'forecasting' ? settings : taskSchema.parse({ name: 'forecasting' });
  if (task.name !== 'forecasting') return { notes: [], sentinels: [], seasons: [] };
  const columns = roles?.map((role, column) => ({ role, type: table.types[column] ?? 'text' }));
  try {
    const series = seriesOf(numbers, seriesOptions({ ...task, ...(columns && seriesColumnFields(columns)) }));
    const { sentinels } = series;
    if (!window) return { notes: noticesOf(series), sentinels, seasons: [] };
    const train = trainStretches(series, 1 - window.validationShare);
    const seasons = seasonsIn(series, train, planOptions(task, window.sequenceLength));
    return { notes: [...noticesOf(series), ...seasonNotices(seasons, window.sequenceLength)], sentinels, seasons };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { notes: [phrase('Training refuses these data: {0}', error.text)], sentinels: [], seasons: [] };
  }
}

function distinct(notes: readonly Text[]): Text[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}

/** The tasks that a table can be used for. */
function tasksFor({ columns, types }: Table): DataTask[] {
  const hasNumbers = types.some((type) => type === 'number' || type === 'integer');
  return [
    ...(columns.length > 1 ? (['classification', 'sequence-to-sequence'] as const) : []),
    ...(hasNumbers ? (['forecasting'] as const) : []),
    'language-model',
  ];
}

/** Name, type and figures of a column of a table, and what to say about it. */
function tableColumn(
  table: Table,
  series: SeriesTable,
  index: number,
): { readonly column: Omit<InspectedColumn, 'role'>; readonly notes: readonly Text[] } {
  const name = table.columns[index] ?? '';
  const type = table.types[index] ?? 'text';
  const column = { ...columnFigures(table, index), name, type };
  if (type === 'number' || type === 'integer') {
    const { unit, unreadable } = series.numbers(index);
    return { column: { ...column, unit, unreadable: unreadable.length }, notes: describeUnreadable(name, unreadable) };
  }
  if (type === 'time' && timeKind(table, index) === 'date') {
    const { unreadable, notes } = series.times(index);
    return {
      column: { ...column, unreadable: unreadable.length },
      notes: [...notes, ...describeUnreadable(name, unreadable)],
    };
  }
  return { column, notes: [] };
}

function describeUnreadable(name: string, [first, ...others]: readonly RowProblem[]): Text[] {
  if (!first) return [];
  return [
    phrase(
      'Cells of the column "{0}" that cannot be read: {1}. The first is in line {2}: {3}.',
      name,
      others.length + 1,
      first.line,
      first.reason,
    ),
  ];
}

/** The separator of several labels in a column, if there are any. */
function separatorIn(table: LabeledTable, column: number): string | undefined {
  if (table.described === undefined) return labelSeparatorOf(trimmedCells(table, column));
  for (const cell of trimmedCells(table, column)) if (cell.includes(' ')) return ' ';
  return undefined;
}

async function fromTagged(source: TextSource, wanted?: readonly ColumnRole[]): Promise<ReadData> {
  const word = wanted?.indexOf('word') ?? -1;
  const tag = wanted?.indexOf('tag') ?? -1;
  if (wanted && (word < 0 || tag < 0))
    throw new InputError('no-column', phrase('"{0}": choose a column of words and one of tags.', sourceName(source)));
  const found = await readTagged(source, wanted ? { columns: { word: word + 1, tag: tag + 1 } } : {});
  const { sentences, problems, rows: cells, names, columns, format, notes, tags, scheme } = found;
  const listed = new ListedRows(cells);
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
    encoding: await encodingOf(source),
    dialect: null,
    task: 'tagging',
    tasks: ['tagging'],
    columns: roles.map((role, index) => ({
      name: names[index] ?? phrase('column {0}', index + 1),
      role,
      ...columnFigures({ rows: listed }, index),
    })),
    rows: sentences.reduce((sum, sentence) => sum + sentence.words.length, 0) + problems.length,
    preview: cells
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
  const listed = new ListedRows(rows);
  return {
    kind: 'folder',
    format:
      layout.label === 'folder'
        ? phrase('a folder for each label, a text in each file')
        : phrase('a file for each label, a text in each line'),
    encoding: null,
    dialect: null,
    task: 'classification',
    tasks: ['classification', 'language-model'],
    columns: [
      {
        name: layout.text === 'file' ? phrase('the file') : phrase('the line'),
        role: 'text',
        ...columnFigures({ rows: listed }, 0),
      },
      {
        name: layout.label === 'folder' ? phrase("the folder's name") : phrase("the file's name"),
        role: 'label',
        ...columnFigures({ rows: listed }, 1),
      },
    ],
    rows: rows.length,
    preview: spread(rows, MAX_ROWS).map(({ file, line, cells }) => ({
      where: layout.text === 'line' ? phrase('{0}, line {1}', where(file), line) : where(file),
      cells: cells.map(shortened),
    })),
    item: 'text',
    items: items.map(({ text, label }) => ({ text, labels: [label], target: '' })),
    problems: problems.map(({ file, reason }) => ({ where: where(file), reason })),
    notes: [],
  };
}

async function fromText(source: TextSource, { signal, onProgress }: ItemOptions = {}): Promise<ReadData> {
  const reader = await readText(source, { signal });
  const pieces: string[] = [];
  for await (const piece of reader) {
    pieces.push(piece);
    onProgress?.(reader.bytesRead / Math.max(1, reader.totalBytes));
  }
  const lines = linesOf(pieces);
  const filled = lines.flatMap((text, index) => (text.trim() === '' ? [] : [{ number: index + 1, text }]));
  if (filled.length === 0)
    throw new InputError(
      'empty',
      phrase('"{0}" contains no text. Choose a file that contains text.', basename(sourceName(source))),
    );
  return {
    kind: 'text',
    format: phrase('plain text'),
    encoding: reader.report.encoding,
    dialect: null,
    task: 'language-model',
    tasks: ['language-model'],
    columns: [],
    rows: lines.length,
    preview: filled
      .slice(0, MAX_ROWS)
      .map(({ number, text }) => ({ where: phrase('line {0}', number), cells: [shortened(text)] })),
    item: 'character',
    items: lines.map((text) => ({ text, labels: [], target: '' })),
    problems: [],
    notes: reader.report.notes,
    pieces,
  };
}

/** A folder of documents. One that could also be labeled texts has their columns, so that the task can be changed. */
async function fromDocuments(source: TextSource): Promise<ReadData> {
  if (source.kind === 'text') return fromText(source);
  const documents: TextDocument[] = [];
  const { leftOut, encoding, notes } = await readDocuments(source, {}, (document) => documents.push(document));
  const problems = leftOut.map(({ name, reason }) => ({ where: name, reason }));
  const [only, ...others] = documents;
  if (only && others.length === 0) return { ...(await fromText({ ...source, path: only.path })), problems, notes };
  const isLabeled = (await isFolder(source.path)) && (await looksLabeled(source.path));
  const labeled = isLabeled ? await fromFolder(source.path) : undefined;
  return {
    kind: 'corpus',
    format: phrase('a document in each file'),
    encoding,
    dialect: null,
    task: 'language-model',
    tasks: labeled?.tasks ?? ['language-model'],
    columns: (labeled?.columns ?? []).map((column) => ({
      ...column,
      role: column.role === 'text' ? 'text' : 'unused',
    })),
    rows: documents.length,
    preview: spread(documents, MAX_ROWS).map(({ name, pieces }) => ({
      where: name,
      cells: [shortened(pieces[0] ?? '')],
    })),
    item: 'document',
    items: documents.map(({ pieces }) => ({ text: pieces.join(''), labels: [], target: '' })),
    problems,
    notes,
    documents,
  };
}

/** The lines of a text in pieces. A line break at the very end does not start another line. */
function linesOf(pieces: readonly string[]): string[] {
  const lines: string[] = [''];
  for (const piece of pieces) {
    const [first = '', ...rest] = piece.split('\n');
    lines[lines.length - 1] += first;
    for (const line of rest) lines.push(line);
  }
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The encoding of a file, which is read to its end. */
async function encodingOf(source: TextSource): Promise<string | null> {
  if (await packedFile(source)) return null;
  const reader = await readText(source);
  await reader.readToEnd();
  return reader.report.encoding;
}

function columnFigures(table: Pick<Table, 'rows'>, index: number): Omit<InspectedColumn, 'name' | 'role'> {
  const { distinct, blank, meanLength, classes } = statisticsOf(table, index);
  return { type: classes ? 'category' : 'text', unit: '', distinct, blank, unreadable: 0, meanLength };
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
