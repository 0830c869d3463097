import { formatByName } from '../../config/dataFormats.ts';
import type { TextSource } from '../../config/textSource.ts';
import { readText, sourceName } from '../textReader.ts';
import { looksLikeFastText } from '../labeled/fastText.ts';
import { detectTaggedFormat } from '../tagged/formats/formats.ts';
import { isFolder } from '../packed/byteFile.ts';
import { packedFile } from '../packed/packedKind.ts';
import { isTagged } from '../tagged/taggedTable.ts';
import { isDocuments } from '../documents/listDocuments.ts';
import { looksLabeled } from '../labeled/textFolder.ts';
import { detectFormat } from '../table/format.ts';
import { sniffSyntax } from '../table/sniffDialect.ts';
import type { DataKind } from './inspection.ts';
import type { DataTask } from './roles.ts';

/** Number of characters that determine the kind. */
const HEAD_CHARACTERS = 65_536;
/** Minimum fraction of rows with the same number of columns. */
const MIN_AGREEMENT = 0.9;

/**
 * Detects the kind of a data set from its name and its first lines.
 * @param task task that the data is for, if the user has chosen one
 * @throws InputError if it cannot be read
 */
export async function dataKindOf(source: TextSource, task?: DataTask): Promise<DataKind> {
  if (source.kind === 'file' && (await isDocuments(source)))
    return task !== 'language-model' && (await isFolder(source.path)) && (await looksLabeled(source.path))
      ? 'folder'
      : 'corpus';
  if (task === 'language-model') return 'text';
  const packed = await packedFile(source);
  if (packed) return (await isTagged(packed, source.reading)) ? 'tagged' : 'table';
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
