import { MEMORY_SHARE } from '../format/archiveLimits.ts';
import { formatBytes } from '../format/bytes.ts';
import { crc32 } from '../format/crc32.ts';
import { phrase } from '../phrases/phrase.ts';
import { memoryLimit } from '../platform/system.ts';
import { DEFLATED, LOCAL_BYTES, STORED, viewOf, type ZipEntry, type ZipFile } from './directory.ts';
import type { Range, Reads } from './reads.ts';
import { notWhole, ZipError } from './zipError.ts';

const LOCAL = 0x04034b50;
const ENCRYPTED = 1;

/**
 * Where the packed bytes of an entry are.
 * @throws ZipError for an entry that is encrypted, packed in an unknown way, or not where the directory says
 */
export function* packedRange({ name: archive, size }: ZipFile, entry: ZipEntry): Reads<Range> {
  const { name, method, offset, packedSize } = entry;
  const header = viewOf(yield { start: offset, end: offset + LOCAL_BYTES });
  if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL) throw notWhole(archive);
  if ((header.getUint16(6, true) & ENCRYPTED) !== 0)
    throw new ZipError(phrase('"{0}" has a password: its entry {1} is encrypted. Unpack it first.', archive, name));
  if (method !== STORED && method !== DEFLATED)
    throw new ZipError(
      phrase(
        '"{0}" packs its entry {1} in a way that is not supported (method {2}). Pack it with deflate.',
        archive,
        name,
        method,
      ),
    );
  if (method === STORED && packedSize !== entry.size) throw damaged(archive, name);
  const start = offset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + packedSize > size) throw notWhole(archive);
  return { start, end: start + packedSize };
}

/** The packed bytes of an entry. @throws ZipError as `packedRange`, and for one that is too large for the memory */
export function* packedBytes(file: ZipFile, entry: ZipEntry): Reads<Uint8Array> {
  checkMemory(file.name, entry);
  return yield yield* packedRange(file, entry);
}

/** @throws ZipError for an entry that is too large for the memory */
function checkMemory(archive: string, { name, size }: ZipEntry): void {
  const most = memoryLimit() / MEMORY_SHARE;
  if (size <= most) return;
  throw new ZipError(
    phrase(
      '"{0}": its entry {1} has {2}, unpacked, but may have {3} here. Split it.',
      archive,
      name,
      formatBytes(size),
      formatBytes(most),
    ),
  );
}

/**
 * The unpacked chunks of an entry. Whether all of them are what the directory describes is known after the last one.
 * @throws ZipError if they are not
 */
export async function* checkedChunks(
  archive: string,
  { name, size, crc }: ZipEntry,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let [length, sum] = [0, 0];
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > size) break;
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw isDamage(error) ? damaged(archive, name) : error;
  }
  if (length !== size || (crc !== 0 && sum !== crc)) throw damaged(archive, name);
}

/** The unpacked bytes of an entry, if they are those that the directory describes. @throws ZipError if not */
export function checkedBytes(
  archive: string,
  { name, size, crc }: ZipEntry,
  bytes: Uint8Array | undefined,
): Uint8Array {
  // PyTorch can be set to write no CRC: it is 0 then.
  if (bytes?.length !== size || (crc !== 0 && crc32(bytes) !== crc)) throw damaged(archive, name);
  return bytes;
}

/** Whether an error is one of unpacking, and not of reading the file. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function damaged(archive: string, entry: string): ZipError {
  return new ZipError(
    phrase('"{0}" is damaged: its entry {1} cannot be unpacked. Download or pack it again.', archive, entry),
  );
}
