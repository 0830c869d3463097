import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import { InputError } from '../inputError.ts';
import { looksLikeHeader, looksLikeUnits } from '../table/header.ts';
import { checkTableMemory } from '../table/tableMemory.ts';
import { Archive } from './archive.ts';
import type { ByteFile } from './byteFile.ts';
import { CellRows, type PackedRows } from './cellRows.ts';
import type { ReadPackedOptions } from './parquet.ts';
import { distinctNames, reading } from './unusable.ts';

/** Most columns of a sheet, as in Excel. */
const MOST_COLUMNS = 16_384;
/** Cells after which the memory is checked again. */
const CHECKED_CELLS = 2 ** 20;
/** Characters of shared texts after which their memory is checked again, and bytes of a text besides its characters. */
const CHECKED_BYTES = 2 ** 22;
const TEXT_BYTES = 16;
/** Rows that decide whether the first one is a header. */
const SAMPLED = 200;
const POINT = { decimal: '.', thousands: '' } as const;

/** A row of a sheet. */
interface SheetRow {
  readonly line: number;
  readonly cells: string[];
}

interface Sheet {
  readonly name: string;
  /** Path of its XML in the archive. */
  readonly part: string;
}

interface XlsxOptions extends ReadPackedOptions {
  /** Whether the first row is a header; detected if omitted. */
  readonly header?: boolean | undefined;
}

/**
 * Reads a sheet of an Excel workbook as Excel has stored its values: formulas are not computed. Numbers in a format of
 * dates are dates.
 * @throws InputError for a damaged workbook, and for a sheet that does not exist or is empty
 */
export async function readXlsx(file: ByteFile, options: XlsxOptions): Promise<PackedRows> {
  // eslint-disable-next-line lab/translated -- name of a format
  return reading(file.path, 'Excel', async () => readSheet(file, options));
}

async function readSheet(
  file: ByteFile,
  { sheet: wanted, header, limit = Infinity, signal, onProgress }: XlsxOptions,
): Promise<PackedRows> {
  const { path } = file;
  const archive = await Archive.open(file);
  // Names of parts are equal whatever their case is.
  const names = new Map(archive.entries.map(({ name }) => [name.toLowerCase(), name]));
  const part = (name: string): Xml | undefined => {
    const entry = archive.get(names.get(name.toLowerCase()) ?? name);
    return entry && { size: entry.size, chunks: () => archive.chunks(entry) };
  };
  /** A part that is read as a whole, unless only the beginning is wanted. */
  const largePart = (name: string): Xml | undefined => {
    const xml = part(name);
    if (xml && limit === Infinity) checkTableMemory(path, xml.size);
    return xml;
  };
  const { sheets, is1904, sharedStrings, styles } = await readWorkbook(part);
  const sheet = chooseSheet(path, sheets, wanted);
  const isTime = await timeStyles(part(styles), signal);
  const xml = largePart(sheet.part);
  if (!xml) throw new Error(`The sheet "${sheet.name}" is missing in the file.`);
  // With the rows that decide whether the first one is a header, and titles above them.
  const context = { isTime, is1904, path, limit: limit + 2 * SAMPLED, signal };
  const shared = largePart(sharedStrings);
  const count = limit === Infinity ? Infinity : await textsNeeded(xml, context);
  const texts = await sharedTexts(shared, count, { path, signal });
  const { rows, width, withoutValue, errors } = await sheetRows(xml, { ...context, textAt: textIn(texts), onProgress });
  const first = rows.reduce((least, { cells }) => Math.min(least, firstFilled(cells)), width);
  const named = rows.map(({ line, cells }) => ({ line, cells: paddedTo(cells.slice(first), width - first) }));
  // Titles above a table have one filled cell where the table has several.
  const filled = ({ cells }: SheetRow) => cells.filter((cell) => cell.trim() !== '').length;
  const isTable = named.some((row) => filled(row) > 1);
  const titles = isTable ? named.findIndex((row) => filled(row) > 1) : 0;
  const [head, ...below] = named.slice(Math.max(0, titles));
  const others = sheets.filter(({ name }) => name !== sheet.name).map(({ name }) => name);
  if (!head)
    throw new InputError(
      'empty',
      others.length === 0
        ? phrase('"{0}": the sheet "{1}" is empty. Choose another file.', path, sheet.name)
        : phrase(
            '"{0}": the sheet "{1}" is empty. Set data.sheet to another one: {2}.',
            path,
            sheet.name,
            others.join(', '),
          ),
      { fields: ['data.sheet'] },
    );
  const sample = [head, ...below.slice(0, SAMPLED)].map(({ cells }) => cells);
  const isHeader = header ?? looksLikeHeader(sample, POINT);
  const hasUnits = isHeader && below[0] !== undefined && looksLikeUnits(below[0].cells, sample.slice(2), POINT);
  const cells = new CellRows(path, head.cells.length);
  const used = [...(isHeader ? [] : [head]), ...(hasUnits ? below.slice(1) : below)];
  for (const row of used.slice(0, limit)) cells.add(row.line, row.cells);
  return {
    columns: isHeader ? distinctNames(head.cells) : head.cells.map((_, index) => `column ${index + 1}`),
    rows: cells.rows,
    problems: [],
    notes: notesOf({
      sheet: sheet.name,
      others,
      titles,
      withoutValue,
      errors,
      unitsLine: hasUnits ? below[0]?.line : undefined,
    }),
    lists: [],
    header: isHeader,
  };
}

function notesOf(found: {
  readonly sheet: string;
  readonly others: readonly string[];
  readonly titles: number;
  readonly withoutValue: number;
  readonly errors: number;
  readonly unitsLine: number | undefined;
}): Text[] {
  const { sheet, others, titles, withoutValue, errors, unitsLine } = found;
  return [
    ...(others.length > 0
      ? [phrase('The sheet "{0}" is read. Set data.sheet for another one: {1}.', sheet, others.join(', '))]
      : []),
    ...(titles > 0 ? [phrase('Rows above the table left out: {0}.', titles)] : []),
    ...(unitsLine !== undefined ? [phrase('Line {0} has the units of the columns and is left out.', unitsLine)] : []),
    ...(withoutValue > 0
      ? [
          phrase(
            'Formulas without a stored value, which are read as blank: {0}. Open and save the workbook in Excel.',
            withoutValue,
          ),
        ]
      : []),
    ...(errors > 0 ? [phrase('Cells with an error, such as #DIV/0!, which are read as blank: {0}.', errors)] : []),
  ];
}

function firstFilled(cells: readonly string[]): number {
  const found = cells.findIndex((cell) => cell !== '');
  return found < 0 ? cells.length : found;
}

function paddedTo(cells: string[], width: number): string[] {
  while (cells.length < width) cells.push('');
  return cells;
}

function chooseSheet(path: string, sheets: readonly Sheet[], wanted: string): Sheet {
  const [first] = sheets;
  if (!first) throw new InputError('empty', phrase('"{0}" has no sheets. Choose another file.', path));
  if (wanted === 'auto') return first;
  const found =
    sheets.find(({ name }) => name === wanted) ?? (/^[1-9]\d*$/.test(wanted) ? sheets[Number(wanted) - 1] : undefined);
  if (found) return found;
  throw new InputError(
    'no-column',
    phrase('"{0}" has no sheet "{1}"; it has {2}.', path, wanted, sheets.map(({ name }) => name).join(', ')),
    { fields: ['data.sheet'] },
  );
}

/** A part of a workbook, which is unpacked each time that it is read, as far as it is read. */
interface Xml {
  /** Bytes, unpacked. */
  readonly size: number;
  chunks(): AsyncIterable<Uint8Array>;
}

type Handlers = {
  readonly open?: (name: string, attributes: SaxesTagPlain['attributes']) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
  /** Whether the rest is not needed. */
  readonly isDone?: () => boolean;
};

/** Reads XML piece by piece. Prefixes of names are left out. A document type that defines entities is refused. */
async function readXml(
  { size, chunks }: Xml,
  handlers: Handlers,
  signal?: AbortSignal,
  onProgress?: (share: number) => void,
): Promise<void> {
  const parser = new SaxesParser();
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  const { open, text, close, isDone } = handlers;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('Its XML has a document type.');
  });
  if (open) parser.on('opentag', ({ name, attributes }) => open(local(name), attributes));
  if (text) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  if (close) parser.on('closetag', ({ name }) => close(local(name)));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let at = 0;
  for await (const chunk of chunks()) {
    await yieldToEventLoop(signal);
    onProgress?.(at / size);
    at += chunk.length;
    parser.write(decoder.decode(chunk, { stream: true }));
    if (isDone?.()) return;
  }
  parser.write(decoder.decode()).close();
}

interface Workbook {
  readonly sheets: readonly Sheet[];
  readonly is1904: boolean;
  /** Paths of the texts that cells share, and of the formats of numbers. */
  readonly sharedStrings: string;
  readonly styles: string;
}

async function readWorkbook(part: (name: string) => Xml | undefined): Promise<Workbook> {
  const [workbook, relations] = [part('xl/workbook.xml'), part('xl/_rels/workbook.xml.rels')];
  if (!workbook || !relations) throw new Error('It has no workbook, or is a workbook in the binary format (.xlsb).');
  const targets = new Map<string, string>();
  const ofType = new Map<string, string>();
  await readXml(relations, {
    open(name, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode }) {
      if (name !== 'Relationship' || mode === 'External') return;
      const path = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^(?:\.\/)+/, '')}`;
      targets.set(id, path);
      ofType.set(type.slice(type.lastIndexOf('/') + 1), path);
    },
  });
  const sheets: Sheet[] = [];
  let is1904 = false;
  await readXml(workbook, {
    open(tag, attributes) {
      if (tag === 'workbookPr') is1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (tag !== 'sheet') return;
      const [, id = ''] = Object.entries(attributes).find(([key]) => key.endsWith(':id')) ?? [];
      const target = targets.get(id);
      // Sheets with a chart only have no cells.
      if (target !== undefined && !target.includes('chartsheets/'))
        sheets.push({ name: attributes['name'] ?? '', part: target });
    },
  });
  return {
    sheets,
    is1904,
    sharedStrings: ofType.get('sharedStrings') ?? 'xl/sharedStrings.xml',
    styles: ofType.get('styles') ?? 'xl/styles.xml',
  };
}

/**
 * The texts that the cells of all sheets share. Phonetic readings of Japanese texts are no part of them.
 * @param count number of texts from the first one that are needed
 */
async function sharedTexts(
  xml: Xml | undefined,
  count: number,
  { path, signal }: Pick<SheetContext, 'path' | 'signal'>,
): Promise<string[]> {
  const texts: string[] = [];
  if (!xml) return texts;
  let [read, checked] = [0, 0];
  let [current, inText, phonetic] = ['', false, 0];
  await readXml(
    xml,
    {
      open(name) {
        if (name === 'si') current = '';
        if (name === 'rPh') phonetic++;
        inText = name === 't' && phonetic === 0;
      },
      text(text) {
        if (inText) current += text;
      },
      close(name) {
        if (name === 't') inText = false;
        if (name === 'rPh') phonetic--;
        if (name !== 'si') return;
        texts.push(unescaped(current));
        read += current.length + TEXT_BYTES;
        if (read - checked >= CHECKED_BYTES) checkTableMemory(path, (checked = read));
      },
      isDone: () => texts.length >= count,
    },
    signal,
  );
  return texts;
}

/** Number of the shared texts, from the first one, that have those of the first rows of a sheet. */
async function textsNeeded(xml: Xml, context: Omit<SheetContext, 'textAt'>): Promise<number> {
  let count = 0;
  const textAt = (place: number): string => {
    count = Math.max(count, place + 1);
    return '';
  };
  await sheetRows(xml, { ...context, textAt });
  return count;
}

function textIn(texts: readonly string[]): SheetContext['textAt'] {
  return (place) => {
    const text = texts[place];
    if (text === undefined) throw new Error(`The text ${place} of a cell is missing.`);
    return text;
  };
}

/** Characters that XML cannot have are written as `_x000D_`. */
function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}

/** Kind of the times that a format of numbers shows. */
type TimeStyle = 'date' | 'clock' | undefined;

/** The formats of dates and times that have a number and no text. */
const BUILT_IN: Readonly<Record<number, TimeStyle>> = {
  ...Object.fromEntries(
    [14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58].map((id) => [id, 'date' as const]),
  ),
  ...Object.fromEntries([18, 19, 20, 21, 32, 33, 34, 35, 45, 47].map((id) => [id, 'clock' as const])),
};

/** Which styles of cells show a number as a time. */
async function timeStyles(
  xml: Xml | undefined,
  signal: AbortSignal | undefined,
): Promise<(style: number) => TimeStyle> {
  if (!xml) return () => undefined;
  const formats = new Map<number, TimeStyle>();
  const styles: TimeStyle[] = [];
  let inCells = false;
  await readXml(
    xml,
    {
      open(name, attributes) {
        if (name === 'numFmt') formats.set(Number(attributes['numFmtId']), timeStyleOf(attributes['formatCode'] ?? ''));
        if (name === 'cellXfs') inCells = true;
        if (name !== 'xf' || !inCells) return;
        const id = Number(attributes['numFmtId']);
        styles.push(formats.has(id) ? formats.get(id) : BUILT_IN[id]);
      },
      close(name) {
        if (name === 'cellXfs') inCells = false;
      },
    },
    signal,
  );
  return (style) => styles[style];
}

/** Whether a format shows a number as a date or as a time of day. Elapsed times such as `[h]:mm` are neither. */
function timeStyleOf(code: string): TimeStyle {
  const [first = ''] = code.split(';');
  const letters = first.replaceAll(/"[^"]*"|\\.|_.|\*./g, '');
  if (/\[[hms]+\]/i.test(letters)) return undefined;
  const plain = letters.replaceAll(/\[[^\]]*\]/g, '').replaceAll(/general|am\/pm|a\/p/gi, '');
  if (/[yd]/i.test(plain) || (/m/i.test(plain) && !/[hs]/i.test(plain))) return 'date';
  return /[hs]/i.test(plain) ? 'clock' : undefined;
}

const DAY = 86_400_000;
/** Milliseconds since 1970 of the days from which dates are counted. Excel has a 29 February 1900. */
const [EPOCH_1900, EPOCH_1904] = [Date.UTC(1899, 11, 30), Date.UTC(1904, 0, 1)];
const LEAP_DAY = 60;

/** A serial number of Excel as a date, a time of day, or both. */
export function serialCell(serial: number, style: 'date' | 'clock', is1904: boolean): string {
  const days = Math.floor(serial);
  const milliseconds = Math.round((serial - days) * DAY);
  const shift = !is1904 && days > 0 && days < LEAP_DAY ? 1 : 0;
  const time = (is1904 ? EPOCH_1904 : EPOCH_1900) + (days + shift) * DAY + milliseconds;
  if (serial < 0 || !Number.isFinite(new Date(time).getTime()) || (!is1904 && days === LEAP_DAY)) return String(serial);
  const iso = new Date(time).toISOString();
  const fraction = iso.slice(20, 23).replace(/0+$/, '');
  const clock = `${iso.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`}`;
  if (style === 'clock' && serial < 1) return clock;
  return milliseconds % DAY === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${clock}`;
}

interface SheetContext {
  readonly path: string;
  /** The text of a place in those that cells share. */
  readonly textAt: (place: number) => string;
  /** Rows with a value after which the others are not needed; a few more may be read. */
  readonly limit: number;
  readonly isTime: (style: number) => TimeStyle;
  readonly is1904: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress?: ReadPackedOptions['onProgress'];
}

/** The rows of a sheet with a filled cell, and the number of columns up to the last filled one. */
async function sheetRows(
  xml: Xml,
  { path, textAt, isTime, is1904, limit, signal, onProgress }: SheetContext,
): Promise<{
  readonly rows: SheetRow[];
  readonly width: number;
  readonly withoutValue: number;
  readonly errors: number;
}> {
  const rows: SheetRow[] = [];
  let [width, withoutValue, errors, line, column, count, checked, seen] = [0, 0, 0, 0, 0, 0, 0, 0];
  let hasValues = false;
  let cells: string[] = [];
  let [type, style, value, hasFormula, hasValue, inValue, phonetic] = ['n', 0, '', false, false, false, 0];
  const cellText = (): string => {
    if (hasFormula && !hasValue) {
      withoutValue++;
      return '';
    }
    switch (type) {
      case 's':
        return value === '' ? '' : textAt(Number(value));
      case 'inlineStr':
      case 'str':
        return unescaped(value);
      case 'b':
        return value === '1' ? 'true' : 'false';
      case 'e':
        errors++;
        return '';
      case 'd':
        return value.replace('T', ' ');
      default: {
        if (value === '') return '';
        const number = Number(value);
        const time = isTime(style);
        return Number.isNaN(number) ? value : time ? serialCell(number, time, is1904) : String(number);
      }
    }
  };
  await readXml(
    xml,
    {
      open(name, attributes) {
        if (name === 'row') {
          line = Number(attributes['r'] ?? line + 1);
          column = 0;
          cells = [];
          hasValues = false;
        } else if (name === 'c') {
          const place = attributes['r'];
          column = place === undefined ? column + 1 : columnOf(place);
          if (!(column >= 1 && column <= MOST_COLUMNS)) throw new Error(`A cell has the place "${place}".`);
          [type, style] = [attributes['t'] ?? 'n', Number(attributes['s'] ?? 0)];
          [value, hasFormula, hasValue] = ['', false, false];
        } else if (name === 'f') hasFormula = true;
        else if (name === 'v' || name === 't') {
          inValue = phonetic === 0;
          hasValue = true;
        } else if (name === 'rPh') phonetic++;
      },
      text(text) {
        if (inValue) value += text;
      },
      close(name) {
        if (name === 'v' || name === 't') inValue = false;
        else if (name === 'rPh') phonetic--;
        else if (name === 'c') {
          hasValues ||= hasValue;
          const text = cellText();
          if (text === '') return;
          count += Math.max(0, column - cells.length);
          if (count - checked >= CHECKED_CELLS) checkTableMemory(path, 8 * (checked = count));
          paddedTo(cells, column - 1);
          cells[column - 1] = text;
          width = Math.max(width, column);
        } else if (name === 'row') {
          if (hasValues) seen++;
          if (cells.length > 0) rows.push({ line, cells });
        }
      },
      isDone: () => seen >= limit,
    },
    signal,
    onProgress,
  );
  // Rows are filled up to the longest one.
  checkTableMemory(path, 8 * width * rows.length);
  return { rows, width, withoutValue, errors };
}

/** Number of the column of a place such as `AB12`, from 1. */
function columnOf(place: string): number {
  let column = 0;
  for (const letter of place.toUpperCase()) {
    const digit = letter.charCodeAt(0) - 64;
    if (digit < 1 || digit > 26) break;
    column = 26 * column + digit;
  }
  return column;
}
