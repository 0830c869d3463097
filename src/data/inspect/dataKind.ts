import { fileInfo } from '../../platform/files.ts';
import { fileError } from '../inputError.ts';
import { formatByName } from '../../config/dataFormats.ts';
import type { TextSource } from '../../config/textSource.ts';
import { readText, sourceName } from '../textReader.ts';
import { looksLikeFastText } from '../labeled/fastText.ts';
import { detectTaggedFormat } from '../tagged/formats/formats.ts';
import { detectFormat } from '../table/format.ts';
import type { DataKind } from './inspection.ts';

/** Number of characters that determine the kind. */
const HEAD_CHARACTERS = 65_536;
/** Minimum fraction of rows with the same number of columns. */
const MIN_AGREEMENT = 0.9;

/** Detects the kind of a data set from its name and its first lines. @throws InputError if it cannot be read */
export async function dataKindOf(source: TextSource): Promise<DataKind> {
  if (source.kind === 'file' && (await isFolder(source.path))) return 'folder';
  const name = sourceName(source);
  const named = formatByName(name)?.kind;
  if (named === 'tagged') return 'tagged';
  const head = await headOf(source);
  if (looksLikeFastText(head)) return 'table';
  if (detectTaggedFormat({ name, text: head })) return 'tagged';
  return named === 'table' || hasColumns(name, head) ? 'table' : 'text';
}

/** True for JSON Lines, and for lines that nearly all have the same number of cells, unlike prose. */
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
  // Prose contains commas as well.
  const delimited = format.kind === 'tsv' || format.delimiter !== ',' || width > 2;
  return width > 1 && delimited && lines.length > 1 && agreeing >= MIN_AGREEMENT * lines.length;
}

async function headOf(source: TextSource): Promise<string> {
  let head = '';
  for await (const piece of await readText(source)) {
    head += piece;
    if (head.length >= HEAD_CHARACTERS) break;
  }
  return head.slice(0, HEAD_CHARACTERS);
}

async function isFolder(path: string): Promise<boolean> {
  const found = await fileInfo(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  return found.isFolder;
}
