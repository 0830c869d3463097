/** A page reads no packed files; replaces `src/platform/compression.ts`. */
export function gunzipped(): never {
  throw new Error('A page reads no packed files.');
}

export function inflated(): never {
  throw new Error('A page reads no packed files.');
}

export function inflatedNow(): never {
  throw new Error('A page reads no packed files.');
}

export function inflatedChunks(): never {
  throw new Error('A page reads no packed files.');
}
