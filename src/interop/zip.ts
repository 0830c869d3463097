import { ALWAYS_ALLOWED, LARGEST_RATIO, MEMORY_SHARE } from '../format/archiveLimits.ts';
import { UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';
import { inflatedNow } from '../platform/compression.ts';
import { memoryLimit } from '../platform/system.ts';
import { readDirectory, STORED, type ZipEntry } from '../zip/directory.ts';
import { checkedBytes, packedBytes } from '../zip/entry.ts';
import { readNow } from '../zip/reads.ts';
import { ZipError } from '../zip/zipError.ts';

/** Most bytes, unpacked, of all entries of an archive of a size: its content is untrusted. */
export function mostUnpacked(bytes: number): number {
  const most = Math.floor(memoryLimit() / MEMORY_SHARE);
  return Math.min(most, Math.max(ALWAYS_ALLOWED, LARGEST_RATIO * bytes));
}

/**
 * Unpacks an archive into memory, without writing anything.
 * @param name name of the archive, for errors
 * @param wanted which entries to unpack, by their names
 * @throws UnusableError for a damaged archive, paths that leave it, and more entries or bytes than the limits allow
 */
export function unzip(
  archive: Uint8Array,
  name: string,
  wanted: (entry: string) => boolean = () => true,
): ReadonlyMap<string, Uint8Array> {
  const file = { name, size: archive.length };
  try {
    const entries = readNow(readDirectory(file), archive).filter((entry) => wanted(entry.name));
    const most = mostUnpacked(archive.length);
    if (entries.reduce((sum, { size }) => sum + size, 0) > most)
      throw new UnusableError(phrase('"{0}" would have more than {1} bytes, unpacked.', name, most));
    return new Map(entries.map((entry) => [entry.name, contentOf(archive, file, entry)]));
  } catch (error) {
    if (error instanceof ZipError) throw new UnusableError(error.text, { cause: error });
    throw error;
  }
}

function contentOf(archive: Uint8Array, file: { readonly name: string; readonly size: number }, entry: ZipEntry) {
  const packed = readNow(packedBytes(file, entry), archive);
  const bytes = entry.method === STORED ? packed : inflatedNow(packed, entry.size);
  return checkedBytes(file.name, entry, bytes);
}
