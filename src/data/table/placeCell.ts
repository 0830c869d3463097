import type { PlacedRow } from './placedTable.ts';
import type { Syntax } from './dialect.ts';
import { scanCells } from './scanRows.ts';
import type { Table } from './table.ts';

/** Text extracted from a source text, with the place of each character in the source, in UTF-16 code units. */
export interface PlacedText {
  readonly text: string;
  /** Ascending places, one per code unit of `text`. */
  readonly places: Uint32Array<ArrayBuffer>;
}

/** Maps the characters of a cell to the file's text, where quotes are doubled and characters may be escaped. */
export function placeCell(
  source: string,
  row: PlacedRow,
  column: number,
  { format, dialect, columns }: Pick<Table, 'format' | 'dialect' | 'columns'>,
): PlacedText {
  const text = row.cells[column] ?? '';
  if (format !== 'delimited') return placeInObject(source, row, columns[column] ?? '', text);
  const written = source.slice(row.start, row.end);
  const normalized = written.replaceAll('\r\n', '\n');
  const cell = scanCells(normalized, 0, dialect)?.[column];
  const places = new Uint32Array(text.length);
  if (!cell) return { text, places: places.fill(row.start) };
  const returns = written.length - normalized.length;
  let place = row.start + cell.start + (returns === 0 ? 0 : returnsBefore(normalized, cell.start));
  if (cell.quoted) place++;
  for (let i = 0; i < text.length; i++) {
    places[i] = place;
    if (cell.quoted && isEscaped(source, place, text[i]!, dialect)) place++;
    place += text[i] === '\n' && source[place] === '\r' ? 2 : 1;
  }
  return { text, places };
}

/** True if a character of a quoted cell is written with another one before it. */
function isEscaped(source: string, place: number, character: string, { quote, escape }: Syntax): boolean {
  if (escape === 'backslash' && source[place] === '\\') {
    const next = source[place + 1];
    return (next === quote || next === '\\') && next === character;
  }
  return character === quote && source[place] === quote && source[place + 1] === quote;
}

/** Number of line ends before a place, each of which has one more character in the file. */
function returnsBefore(text: string, place: number): number {
  return text.slice(0, place).split('\n').length - 1;
}

/** JSON tokens: strings, punctuation, numbers and literals. */
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const JSON_CHARACTER = /\\u[0-9a-fA-F]{4}|\\.|[^]/g;

/** Places the value of a field, which is named by its path, such as `meta.lang`. */
function placeInObject(source: string, { start, end }: PlacedRow, path: string, text: string): PlacedText {
  const places = new Uint32Array(text.length);
  /** Names of the fields whose objects are open, and the last one. */
  const open: string[] = [];
  let lastString = '';
  let isValue = false;
  let arrays = 0;
  for (const { 0: token, index } of source.slice(start, end).matchAll(JSON_TOKEN)) {
    if (isValue && arrays === 0 && token !== '{' && [...open.slice(1), lastString].join('.') === path) {
      const at = start + index;
      if (!token.startsWith('"')) return { text, places: places.fill(at) };
      let place = at + 1;
      [...token.slice(1, -1).matchAll(JSON_CHARACTER)].forEach(({ 0: written }, i) => {
        places[i] = place;
        place += written.length;
      });
      return { text, places };
    }
    if (token === '[') arrays++;
    else if (token === ']') arrays--;
    else if (arrays === 0 && token === '{') open.push(isValue ? lastString : '');
    else if (arrays === 0 && token === '}') open.pop();
    else if (token.startsWith('"') && !isValue) lastString = JSON.parse(token) as string;
    isValue = token === ':';
  }
  return { text, places };
}
