import { join } from 'node:path';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { InputError } from '../inputError.ts';
import { isZip } from '../../zip/directory.ts';
import { Archive } from './archive.ts';
import { archiveKind, type ByteFile, openFile, SIGNATURE_BYTES } from './byteFile.ts';
import type { TextSource } from '../../config/textSource.ts';

/** Formats of tables whose files are not text. */
export type PackedFormat = 'parquet' | 'arrow' | 'xlsx' | 'numpy';

/** Content of a file that is not text: a table, or a text that is packed. */
export type PackedKind = PackedFormat | 'gzip';

/** Whether a file begins as one of gzip. */
function isGzip([first, second, method]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b && method === 8;
}

/** Formats that are known and not read, by their first bytes, which do not occur in texts, and what to do. */
const UNUSABLE: readonly (readonly [bytes: readonly (number | undefined)[], advice: Text])[] = [
  [
    [0xd0, 0xcf, 0x11, 0xe0],
    phrase('It is a workbook of Excel 97 to 2003, or another old file of Office: save it as .xlsx.'),
  ],
  [
    [0x42, 0x5a, 0x68, undefined, 0x31, 0x41, 0x59, 0x26],
    phrase('It is packed with bzip2: unpack it first, or pack it with gzip.'),
  ],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], phrase('It is packed with xz: unpack it first, or pack it with gzip.')],
  [[0x28, 0xb5, 0x2f, 0xfd], phrase('It is packed with zstd: unpack it first, or pack it with gzip.')],
  [[0x37, 0x7a, 0xbc, 0xaf], phrase('It is a 7z archive: unpack it first, or pack it as .zip.')],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], phrase('It is a RAR archive: unpack it first, or pack it as .zip.')],
  [[0x46, 0x45, 0x41, 0x31, 0x00], phrase('It is a Feather file of version 1: write it as version 2.')],
  [[0x89, 0x48, 0x44, 0x46], phrase('It is an HDF5 file: write its data as Parquet, .npz or CSV.')],
  [[0x4f, 0x62, 0x6a, 0x01], phrase('It is an Avro file: write it as Parquet.')],
  // eslint-disable-next-line lab/translated -- a signature
  [[...new TextEncoder().encode('SQLite format 3\0')], phrase('It is an SQLite database: write a table of it as CSV.')],
];

function begins(head: Uint8Array, bytes: readonly (number | undefined)[]): boolean {
  return bytes.every((byte, at) => byte === undefined || head[at] === byte);
}

const PARQUET = [0x50, 0x41, 0x52, 0x31];
/** A Parquet file whose footer is encrypted. */
const ENCRYPTED_PARQUET = [0x50, 0x41, 0x52, 0x45];
const ARROW = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31, 0, 0];
/** The first message of a stream, whose length follows; it is far below 16 MB. */
const ARROW_STREAM = [0xff, 0xff, 0xff, 0xff];
const NUMPY = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Tells by the first bytes of a file what it contains; undefined for a text.
 * @throws InputError with what to do, for a known format that cannot be read
 */
export async function packedKind(file: ByteFile): Promise<PackedKind | undefined> {
  const head = await file.read(0, SIGNATURE_BYTES);
  if (isGzip(head)) return 'gzip';
  if (begins(head, PARQUET) && begins(await file.read(file.size - 4, file.size), PARQUET)) return 'parquet';
  if (begins(head, ARROW) || (begins(head, ARROW_STREAM) && head[7] === 0)) return 'arrow';
  if (begins(head, NUMPY)) return 'numpy';
  if (isZip(head)) return archivedTable(file);
  if (begins(head, ENCRYPTED_PARQUET) && begins(await file.read(file.size - 4, file.size), ENCRYPTED_PARQUET))
    throw new InputError('binary', phrase('"{0}" cannot be read. It is encrypted: write it without a key.', file.path));
  const unusable = UNUSABLE.find(([bytes]) => begins(head, bytes));
  if (unusable) throw new InputError('binary', phrase('"{0}" cannot be read. {1}', file.path, unusable[1]));
  return undefined;
}

/** @throws InputError for an archive that is neither a workbook nor arrays */
async function archivedTable(file: ByteFile): Promise<PackedFormat> {
  const archive = await Archive.open(file);
  const kind = archiveKind(archive);
  if (kind === 'workbook') return 'xlsx';
  if (kind === 'arrays') return 'numpy';
  throw new InputError(
    'binary',
    kind === 'document'
      ? phrase(
          '"{0}" cannot be read. It is a document of an office program: save it as .xlsx, .csv or .txt.',
          file.path,
        )
      : phrase(
          '"{0}" is an archive of files, and not a table or a text. Choose one of them, such as {1}, or unpack it.',
          file.path,
          join(file.path, archive.withoutRoot().entries[0]?.name ?? ''),
        ),
  );
}

/** A file with a table that is not text. */
export interface PackedFile {
  readonly file: ByteFile;
  readonly format: PackedFormat;
}

/** The file of a source if it has a table that is not text; undefined for texts, also packed ones. */
export async function packedFile(source: TextSource): Promise<PackedFile | undefined> {
  if (source.kind === 'text') return undefined;
  const file = await openFile(source.path);
  const format = await packedKind(file);
  return format === undefined || format === 'gzip' ? undefined : { file, format };
}
