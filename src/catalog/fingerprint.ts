const OFFSET = 0x811c9dc5;

/** A hash of 32 bits (FNV-1a) of the UTF-16 code units of a text. It never changes: the colors of runs follow from it. */
export function hashOf(text: string, offset = OFFSET): number {
  let hash = offset;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Sixteen hexadecimal digits that tell texts apart: two hashes, of which the second one begins with the first. */
export function fingerprint(text: string): string {
  const first = hashOf(text);
  return [first, hashOf(text, first ^ OFFSET)].map((hash) => hash.toString(16).padStart(8, '0')).join('');
}
