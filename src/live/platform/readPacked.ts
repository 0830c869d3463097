/** A page reads no tables; replaces `src/data/packed/readPacked.ts`, whose readers would be a sixth of the page. */
export function readPacked(): never {
  throw new Error('A page reads no tables.');
}
