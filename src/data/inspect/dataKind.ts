import { fileInfo } from '../../platform/files.ts';
import { fileError } from '../inputError.ts';
import { formatByName } from '../../config/dataFormats.ts';
import type { TextSource } from '../../config/textSource.ts';
import { readText, sourceName } from '../textReader.ts';
import { looksLikeFastText } from '../labeled/fastText.ts';
import { detectTaggedFormat } from '../tagged/formats/formats.ts';
import { detectFormat } from '../table/format.ts';
import { sniffSyntax } from '../table/sniffDialect.ts';
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

/** True for JSON, and for lines that nearly all have the same number of cells, unlike prose. */
function hasColumns(name: string, head: string): boolean {
  if (detectFormat(name, head) !== 'delimited') return true;
  const lines = head.slice(0, head.lastIndexOf('\n') + 1);
  const { syntax, agreement, width } = sniffSyntax(name, [lines]);
  // Prose contains commas and colons as well.
  const isWeak = [',', ':'].includes(syntax.delimiter);
  return lines.trim().includes('\n') && agreement >= MIN_AGREEMENT && (!isWeak || width > 2);
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
