import type { PlacedRow } from './placedTable.ts';
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
  { format, columns }: Pick<Table, 'format' | 'columns'>,
): PlacedText {
  const text = row.cells[column] ?? '';
  if (format.kind === 'jsonl') return placeInObject(source, row, columns[column] ?? '', text);
  const quoted = format.kind === 'csv';
  let at = row.start;
  for (let before = 0; before < column; before++)
    at = endOf(source, at, row.cells[before] ?? '', quoted) + format.delimiter.length;
  const opening = quoted && source[at] === '"' ? 1 : 0;
  const places = new Uint32Array(text.length);
  let place = at + opening;
  for (let i = 0; i < text.length; i++) {
    places[i] = place;
    place += step(source, place, text[i]!, opening === 1);
  }
  return { text, places };
}

/**
 * Length of a cell's character in the file's text: a quote inside quotes is doubled, and a line end may be two
 * characters.
 */
function step(source: string, place: number, character: string, quoted: boolean): number {
  if (quoted && character === '"') return 2;
  return character === '\n' && source[place] === '\r' ? 2 : 1;
}

/** End of the cell that begins at `at`, after its closing quote. */
function endOf(source: string, at: number, cell: string, canQuote: boolean): number {
  const quoted = canQuote && source[at] === '"';
  let place = at + (quoted ? 1 : 0);
  for (const character of unitsOf(cell)) place += step(source, place, character, quoted);
  return place + (quoted ? 1 : 0);
}

function* unitsOf(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) yield text[i]!;
}

/** JSON tokens: strings, punctuation, numbers and literals. */
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const JSON_CHARACTER = /\\u[0-9a-fA-F]{4}|\\.|[^]/g;

function placeInObject(source: string, { start, end }: PlacedRow, key: string, text: string): PlacedText {
  const places = new Uint32Array(text.length);
  let depth = 0;
  let lastString = '';
  let expectsValue = false;
  for (const { 0: token, index } of source.slice(start, end).matchAll(JSON_TOKEN)) {
    if (depth === 1 && expectsValue) {
      const at = start + index;
      if (!token.startsWith('"')) return { text, places: places.fill(at) };
      let place = at + 1;
      [...token.slice(1, -1).matchAll(JSON_CHARACTER)].forEach(({ 0: written }, i) => {
        places[i] = place;
        place += written.length;
      });
      return { text, places };
    }
    if ('{['.includes(token)) depth++;
    else if (']}'.includes(token)) depth--;
    else if (depth === 1 && token === ':') expectsValue = lastString === key;
    else if (token.startsWith('"')) lastString = JSON.parse(token) as string;
  }
  return { text, places };
}
