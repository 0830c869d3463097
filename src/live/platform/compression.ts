/** A page reads no packed files; in place of `src/platform/compression.ts`. */
export function gunzipped(): never {
  throw new Error('A page reads no packed files.');
}

export function inflated(): never {
  throw new Error('A page reads no packed files.');
}
