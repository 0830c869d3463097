import { basename } from 'node:path';
import type { TextSource } from '../../config/textSource.ts';
import { type Phrase, phrase, type Text } from '../../phrases/phrase.ts';
import { newSha256 } from '../../platform/hashing.ts';
import { countCharacters } from '../codePoints.ts';
import type { LoadOptions } from '../encodedText.ts';
import { InputError } from '../inputError.ts';
import { type ReadReport, readText } from '../textReader.ts';
import { type DocumentFile, type LeftOut, listDocuments } from './listDocuments.ts';

/** A document of a corpus. */
export interface TextDocument {
  readonly name: string;
  readonly path: string;
  /** The text in pieces that never split a code point. */
  readonly pieces: readonly string[];
  /** Number of code points. */
  readonly characters: number;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
}

/** What was found while reading documents. */
export interface DocumentsReport extends ReadReport {
  readonly leftOut: readonly LeftOut[];
}

/** Maximum number of documents whose encoding is said. */
const MAX_NOTES = 5;

/**
 * Reads the documents of a folder or of a path with wildcards one after another, in the order of their names. A file that
 * is binary, in no known encoding, unreadable or empty is left out, and named in the report.
 * @param visit receives each document, before the next one is read
 * @returns the report; its hash depends on the names and the bytes of the documents, and on nothing else
 * @throws InputError if there is no document
 */
export async function readDocuments(
  source: TextSource & { readonly kind: 'file' },
  { signal, onProgress }: LoadOptions,
  visit: (document: TextDocument) => void,
): Promise<DocumentsReport> {
  const { files, leftOut: unlisted } = await listDocuments(source.path);
  const hash = newSha256();
  const leftOut: LeftOut[] = [...unlisted];
  const totals = { bytes: 0, crlf: 0, replaced: 0, documents: 0 };
  const [encodings, notes]: [Set<string>, Text[]] = [new Set(), []];
  for (const [index, file] of files.entries()) {
    const read = await readDocument(file, source.reading, signal);
    onProgress?.({ bytes: index + 1, totalBytes: files.length });
    if ('reason' in read) {
      leftOut.push(read);
      continue;
    }
    const { document, report } = read;
    hash.update(`${document.name}\0${document.sha256}\n`);
    totals.documents++;
    totals.bytes += report.bytes;
    totals.crlf += report.crlf;
    totals.replaced += report.replaced;
    encodings.add(report.encoding);
    if (notes.length < MAX_NOTES) notes.push(...report.notes.map((note) => phrase('{0}: {1}', document.name, note)));
    visit(document);
  }
  if (totals.documents === 0) throw nothingReadable(source.path, leftOut);
  const { bytes, crlf, replaced } = totals;
  return {
    bytes,
    encoding: [...encodings].sort().join(', '),
    bom: false,
    crlf,
    replaced,
    sha256: hash.digest('hex'),
    notes,
    leftOut,
  };
}

async function readDocument(
  { name, path }: DocumentFile,
  reading: TextSource['reading'],
  signal: AbortSignal | undefined,
): Promise<{ readonly document: TextDocument; readonly report: ReadReport } | LeftOut> {
  try {
    const reader = await readText({ kind: 'file', path, reading }, { signal });
    const pieces: string[] = [];
    for await (const piece of reader) pieces.push(piece);
    const characters = pieces.reduce((sum, piece) => sum + countCharacters(piece), 0);
    if (characters === 0) return { name, reason: phrase('empty') };
    const { report } = reader;
    return { document: { name, path, pieces, characters, sha256: report.sha256 }, report };
  } catch (error) {
    if (error instanceof InputError) return { name, reason: REASONS[error.code] ?? error.text };
    throw error;
  }
}

/** Reasons that need no more words next to the name of a file. */
const REASONS: Readonly<Partial<Record<InputError['code'], Text>>> = {
  binary: phrase('a binary file'),
  'unknown-encoding': phrase('in no known encoding'),
};

/** Says how many files are not documents, with the first of them. */
export function describeLeftOut([first, ...others]: readonly LeftOut[]): Phrase[] {
  if (!first) return [];
  const { name, reason } = first;
  return [
    others.length === 0
      ? phrase('One file or folder was left out: "{0}" ({1}).', name, reason)
      : phrase('{0} files and folders were left out, such as "{1}" ({2}).', others.length + 1, name, reason),
  ];
}

function nothingReadable(path: string, [first]: readonly LeftOut[]): InputError {
  return new InputError(
    'empty',
    phrase(
      '"{0}" contains no text ("{1}": {2}). Choose a folder with text files.',
      path,
      first?.name ?? basename(path),
      first?.reason ?? '',
    ),
  );
}
