/** Hashes of a page, which needs none, in place of `src/platform/hashing.ts`. */

export function newSha256(): never {
  throw new Error('A page reads no data files.');
}

export function sha256Hex(): never {
  throw new Error('A page checks no files.');
}

export function sha256InTurns(): never {
  throw new Error('A page writes no files.');
}

export function randomHex(): never {
  throw new Error('A page writes no files.');
}
