import { fileInfo } from '../../platform/files.ts';
import { fileError } from '../inputError.ts';
import { formatByName } from '../../config/dataFormats.ts';
import type { TextSource } from '../../config/textSource.ts';
import { readText, sourceName } from '../textReader.ts';
import { detectFormat } from '../table/format.ts';
import type { DataKind } from './inspection.ts';

/** Characters that are enough to detect the kind. */
const HEAD = 65_536;
/** Share of the rows that must agree in their number of columns. */
const MOST = 0.9;

/** Detects what a data set is from its name and its first lines. @throws InputError for what cannot be read */
export async function dataKindOf(source: TextSource): Promise<DataKind> {
  if (source.kind === 'file' && (await isFolder(source.path))) return 'folder';
  const name = sourceName(source);
  const named = formatByName(name)?.kind;
  if (named === 'tagged') return 'tagged';
  const head = await headOf(source);
  if (looksTagged(head)) return 'tagged';
  return named === 'table' || hasColumns(name, head) ? 'table' : 'text';
}

/**
 * Whether lines come in groups that blank lines part, with as many columns, two at least, in nearly every line, and no
 * white space within the first: a word and its tag a line.
 */
export function looksTagged(head: string): boolean {
  const groups = head
    .split(/\n[\t ]*\n/)
    .map((group) => group.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')))
    .filter((group) => group.length > 0);
  const rows = groups.flat();
  if (groups.length < 2 || rows.length < 2 * groups.length) return false;
  const columns = rows.map((row) => (row.includes('\t') ? row.split('\t') : row.trim().split(/ +/)));
  const width = columns[0]?.length ?? 0;
  const agreeing = columns.filter((cells) => cells.length === width && !/\s/.test(cells[0] ?? ''));
  return width >= 2 && agreeing.length >= MOST * rows.length;
}

/** Whether a delimiter or JSON shows that prose does not have: the same number of cells in nearly every line. */
function hasColumns(name: string, head: string): boolean {
  const format = detectFormat(name, head);
  if (format.kind === 'jsonl') return true;
  const lines = head
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.trim() !== '');
  const widths = lines.map((line) => line.split(format.delimiter).length);
  const width = widths[0] ?? 1;
  const agreeing = widths.filter((each) => each === width).length;
  // Commas are in every prose.
  const delimited = format.kind === 'tsv' || format.delimiter !== ',' || width > 2;
  return width > 1 && delimited && lines.length > 1 && agreeing >= MOST * lines.length;
}

async function headOf(source: TextSource): Promise<string> {
  let head = '';
  for await (const piece of await readText(source)) {
    head += piece;
    if (head.length >= HEAD) break;
  }
  return head.slice(0, HEAD);
}

async function isFolder(path: string): Promise<boolean> {
  const found = await fileInfo(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  return found.isFolder;
}
