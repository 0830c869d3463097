import { formatByName } from '../../config/dataFormats.ts';
import type { NumberFormat, Syntax } from './dialect.ts';
import { isQuantity } from './numbers.ts';
import { BLANKS, RowScanner } from './scanRows.ts';
import type { TextPieces } from './textPieces.ts';

/**
 * Detection of a dialect, after van den Burg, Nazabal and Sutton (2019), "Wrangling messy CSV files by detecting row and
 * type patterns": the dialect is the one whose rows have the most regular lengths and whose cells have known types.
 */

/** Characters at the start, in the middle and at the end of a table that determine its dialect. */
const PART_CHARACTERS = 65_536;

const DELIMITERS: readonly string[] = [',', ';', '\t', '|', ':', BLANKS];

/** Fraction of rows that have to agree on the number of cells between blanks, or between what separates them instead. */
const BLANKS_AGREEMENT = 0.9;
/** Delimiters that texts contain as well, and the fraction of rows that have to agree on the number of cells. */
const WEAK_AGREEMENT: ReadonlyMap<string, number> = new Map([
  [':', 0.9],
  [BLANKS, BLANKS_AGREEMENT],
]);
/** Fraction of cells with numbers and times from which weak delimiters separate columns. */
const WEAK_VALUES = 0.5;
/** Factor of the score of the delimiter that the name of the file says. */
const NAMED = 1.5;
/** Score of a cell by its kind: a value, plain text, text with a delimiter, an unpaired quotation mark. */
const KNOWN = 1;
const PLAIN_TEXT = 0.9;
const ODD_TEXT = 0.5;
const STRAY_QUOTE = 0.1;
/** Fraction of the filled cells of a column that are quoted, for quotation marks that could also be text. */
const QUOTED = 0.5;

/** Parts of a text that stand for all of it. */
export function samplesOf(text: TextPieces): readonly string[] {
  if (text.length <= 3 * PART_CHARACTERS) return [text.slice(0, text.length)];
  const begins = [Math.floor((text.length - PART_CHARACTERS) / 2), text.length - PART_CHARACTERS].flatMap((place) => {
    const lineEnd = text.lineEnd(place);
    return lineEnd < 0 ? [] : [lineEnd + 1];
  });
  return [0, ...begins].map((begin) => wholeLines(text.slice(begin, begin + PART_CHARACTERS + 1)));
}

/** A part of a text without the line that does not end in it, unless it is a single line. */
function wholeLines(part: string): string {
  const end = part.lastIndexOf('\n', PART_CHARACTERS);
  return part.length <= PART_CHARACTERS || end <= 0 ? part.slice(0, PART_CHARACTERS) : part.slice(0, end);
}

/** The parts of a syntax that are set; the others are detected. */
export type SyntaxChoice = Partial<Syntax>;

/** Rows of samples in a syntax, with the number of those that agree on the number of cells. */
interface Reading {
  readonly syntax: Syntax;
  readonly score: number;
  readonly rows: number;
  /** Number of samples in which a quotation mark is not closed. */
  readonly unclosed: number;
  /** Fraction of rows with the most common number of cells, 0 if that number is one. */
  readonly agreement: number;
  /** The most common number of cells. */
  readonly width: number;
}

/**
 * Detects how the cells of a table are separated.
 */
export function sniffSyntax(
  name: string,
  samples: readonly string[],
  choice: SyntaxChoice = {},
): Pick<Reading, 'syntax' | 'agreement' | 'width'> {
  const comment = choice.comment ?? '';
  const named = delimiterByName(name);
  const readings = (choice.delimiter === undefined ? DELIMITERS : [choice.delimiter]).map((delimiter) => {
    const quote = choice.quote ?? quoteOf(samples, delimiter, comment);
    const syntaxes = (choice.escape === undefined ? escapesIn(samples, quote, delimiter) : [choice.escape]).map(
      (escape): Syntax => ({ delimiter, quote, escape, comment }),
    );
    // A wrong escape splits cells with line ends into more rows, which must not count in its favor.
    const perRow = ({ score, rows }: Reading) => score / Math.max(1, rows);
    const [best] = syntaxes
      .map((syntax) => readingOf(samples, syntax))
      .sort((a, b) => a.unclosed - b.unclosed || perRow(b) - perRow(a));
    return { ...best!, score: best!.score * (delimiter === named ? NAMED : 1) };
  });
  // Where another character separates columns by itself, a blank is part of a text, as in "track 7;3". Blanks are also
  // tabs, and the comma may be the decimal sign of numbers between blanks.
  const separates = ({ syntax: { delimiter }, agreement }: Reading) =>
    ![',', ':', BLANKS].includes(delimiter) && agreement >= BLANKS_AGREEMENT;
  const [best] = (
    readings.some(separates) ? readings.filter(({ syntax }) => syntax.delimiter !== BLANKS) : readings
  ).sort((a, b) => b.score - a.score);
  const found =
    best && (best.agreement > 0 || choice.delimiter !== undefined)
      ? best
      : readings.find(({ syntax }) => syntax.delimiter === (named ?? ','))!;
  if (choice.comment !== undefined) return found;
  const marked = commentIn(samples, found.syntax);
  return marked === '' ? found : sniffSyntax(name, samples, { ...choice, comment: marked });
}

/** The delimiter that the name of a file says. */
function delimiterByName(name: string): string | undefined {
  const format = formatByName(name);
  if (format?.kind !== 'table') return undefined;
  return { tsv: '\t', delimited: ',', jsonl: undefined }[format.syntax];
}

function readingOf(samples: readonly string[], syntax: Syntax): Reading {
  const widths = new Map<number, number>();
  let rows = 0;
  let unclosed = 0;
  let cells = 0;
  let known = 0;
  let values = 0;
  for (const sample of samples) {
    const scanner = new RowScanner(sample, syntax);
    for (let row = scanner.next(); row; row = scanner.next()) {
      rows++;
      widths.set(row.cells.length, (widths.get(row.cells.length) ?? 0) + 1);
      for (const cell of row.cells) {
        const score = cellScore(cell, syntax);
        cells++;
        known += score;
        if (score === KNOWN) values++;
      }
    }
    if (scanner.unclosed) unclosed++;
  }
  const [width = 1, agreeing = 0] = [...widths].sort(([, a], [, b]) => b - a)[0] ?? [];
  const agreement = width > 1 ? agreeing / rows : 0;
  const weak = WEAK_AGREEMENT.get(syntax.delimiter);
  if (weak !== undefined && (agreement < weak || values < WEAK_VALUES * cells))
    return { syntax, score: 0, rows, unclosed, agreement: 0, width };
  // Rows of one length have one pattern; each further length makes all of them less likely.
  const patterns = [...widths].reduce((sum, [length, count]) => sum + (count * Math.max(1e-3, length - 1)) / length, 0);
  const types = cells === 0 ? 0 : known / cells;
  return { syntax, score: (patterns / Math.max(1, widths.size)) * types, rows, unclosed, agreement, width };
}

const TIME =
  /^\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?(?:[T ,]\s?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\S*)?$|^\d{1,2}[:.]\d{2}(?:[:.]\d{2})?$/;
const NUMBER_FORMATS: readonly NumberFormat[] = [
  { decimal: '.', thousands: '' },
  { decimal: ',', thousands: '' },
  { decimal: '.', thousands: ',' },
  { decimal: ',', thousands: '.' },
  { decimal: '.', thousands: ' ' },
  { decimal: ',', thousands: ' ' },
];
const OTHER_DELIMITERS = /[,;\t|]/;

function cellScore(cell: string, { delimiter }: Syntax): number {
  const text = cell.trim();
  if (text === '') return KNOWN;
  if (TIME.test(text) || isQuantity(text, NUMBER_FORMATS)) return KNOWN;
  if (text === '"' || text.startsWith('"') !== text.endsWith('"')) return STRAY_QUOTE;
  return OTHER_DELIMITERS.test(text.replaceAll(delimiter, '')) ? ODD_TEXT : PLAIN_TEXT;
}

/**
 * The quotation mark of cells. Between commas and semicolons it is `"`, unless cells are in single ones; elsewhere a
 * mark is text unless most cells of a column are in it.
 */
function quoteOf(samples: readonly string[], delimiter: string, comment: string): Syntax['quote'] {
  const usual = [',', ';', '|'].includes(delimiter);
  const isQuoting = (quote: '"' | "'") =>
    quotedShare(samples, { delimiter, quote, escape: 'double', comment }) > QUOTED;
  const hasDouble = samples.some((sample) => [`\n"`, `${delimiter}"`].some((start) => `\n${sample}`.includes(start)));
  if (usual) return !hasDouble && isQuoting("'") ? "'" : '"';
  if (samples.every((sample) => !sample.includes('"') && !sample.includes("'"))) return '';
  return isQuoting('"') ? '"' : isQuoting("'") ? "'" : '';
}

/** The highest fraction of cells of a column that are in quotation marks. */
function quotedShare(samples: readonly string[], syntax: Syntax): number {
  const { quote } = syntax;
  const plain: Syntax = { ...syntax, quote: '' };
  const counts: { filled: number; quoted: number }[] = [];
  for (const sample of samples) {
    if (!sample.includes(quote)) continue;
    const scanner = new RowScanner(sample, plain);
    for (let row = scanner.next(); row; row = scanner.next()) {
      row.cells.forEach((cell, column) => {
        const count = (counts[column] ??= { filled: 0, quoted: 0 });
        const text = cell.trim();
        if (text === '') return;
        count.filled++;
        if (text.length > 1 && text.startsWith(quote) && (text.endsWith(quote) || syntax.delimiter === BLANKS))
          count.quoted++;
      });
    }
  }
  return Math.max(0, ...counts.map(({ filled, quoted }) => (filled === 0 ? 0 : quoted / filled)));
}

/** The ways to write a quotation mark in a cell that samples can have, most likely first. */
function escapesIn(samples: readonly string[], quote: Syntax['quote'], delimiter: string): readonly Syntax['escape'][] {
  if (quote === '') return ['double'];
  /** Occurrences of a mark within a cell: not before a delimiter or a line end, where it may close the cell. */
  const within = (mark: string, counts = (_before: string) => true) =>
    samples.reduce((sum, sample) => {
      const parts = sample.split(mark);
      const rests = parts.slice(1).filter((_, i) => counts(parts[i] ?? ''));
      return sum + rests.filter((rest) => rest !== '' && !rest.startsWith('\n') && !rest.startsWith(delimiter)).length;
    }, 0);
  // A backslash after another one is itself escaped, and escapes no mark.
  const backslashes = within(`\\${quote}`, (before) => (/\\*$/.exec(before)?.[0].length ?? 0) % 2 === 0);
  return backslashes > within(quote + quote) ? ['backslash', 'double'] : ['double'];
}

/** Starts of comment lines, each with the lines that it makes comments. */
const COMMENTS: readonly string[] = ['#', '%', '//'];

/**
 * The start of comment lines: the first line has it, and no line with it has as many cells as the rows. A text that
 * begins with a hashtag is a row like the others.
 */
function commentIn(samples: readonly string[], syntax: Syntax): string {
  const first = samples[0]?.trimStart() ?? '';
  const mark = COMMENTS.find((comment) => first.startsWith(comment));
  if (mark === undefined) return '';
  const widths = new Map<number, number>();
  const marked: number[] = [];
  for (const sample of samples) {
    const scanner = new RowScanner(sample, syntax);
    for (let row = scanner.next(); row; row = scanner.next()) {
      if (row.cells[0]?.startsWith(mark)) marked.push(row.cells.length);
      else widths.set(row.cells.length, (widths.get(row.cells.length) ?? 0) + 1);
    }
  }
  const [width = 1] = [...widths].sort(([, a], [, b]) => b - a)[0] ?? [];
  return width > 1 && !marked.includes(width) ? mark : '';
}
