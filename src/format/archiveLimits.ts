/** Limits of the archives (ZIP) that are read, whose content is untrusted. */

/** Most entries of an archive. */
export const MOST_ENTRIES = 100_000;
/** Most bytes, unpacked, for each byte of an archive; weights and texts are far below. */
export const LARGEST_RATIO = 200;
/** Bytes, unpacked, that any archive may have. */
export const ALWAYS_ALLOWED = 2 ** 24;
/** Part of the memory that unpacked content may take. */
export const MEMORY_SHARE = 4;

/** True for a path of an entry that leads out of its archive, on any system. */
export function leavesArchive(path: string): boolean {
  return /^(?:[/\\]|[a-z]:)/i.test(path) || path.split(/[/\\]/).includes('..') || path.includes('\0');
}
