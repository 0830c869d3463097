import { unzipSync } from 'fflate';
import { ALWAYS_ALLOWED, LARGEST_RATIO, leavesArchive, MEMORY_SHARE, MOST_ENTRIES } from '../format/archiveLimits.ts';
import { textOf, UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';
import { memoryLimit } from '../platform/system.ts';

/** Method of an entry that is not compressed. */
const STORED = 0;

/** True for the first bytes of an archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

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
  const most = mostUnpacked(archive.length);
  let entries = 0;
  let bytes = 0;
  const seen = new Set<string>();
  try {
    const unpacked = unzipSync(archive, {
      filter({ name: entry, size, originalSize, compression }) {
        entries++;
        if (entries > MOST_ENTRIES)
          throw new UnusableError(phrase('"{0}" has more than {1} entries.', name, MOST_ENTRIES));
        if (leavesArchive(entry))
          throw new UnusableError(phrase('"{0}" has an entry outside of it: {1}.', name, entry));
        if (seen.has(entry)) throw new UnusableError(phrase('"{0}" has the entry {1} twice.', name, entry));
        seen.add(entry);
        if (entry.endsWith('/') || !wanted(entry)) return false;
        if (compression === STORED && size !== originalSize)
          throw new UnusableError(phrase('"{0}" has two sizes for the entry {1}.', name, entry));
        // An entry may claim another size than it has.
        bytes += Math.max(size, originalSize);
        if (bytes > most)
          throw new UnusableError(phrase('"{0}" would have more than {1} bytes, unpacked.', name, most));
        return true;
      },
    });
    return new Map(Object.entries(unpacked));
  } catch (error) {
    if (error instanceof UnusableError) throw error;
    throw new UnusableError(phrase('"{0}" is not a whole ZIP archive. {1}', name, textOf(error)), { cause: error });
  }
}
