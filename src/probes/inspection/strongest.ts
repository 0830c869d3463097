/** Position in a text, and the value of a unit there. */
export interface Place {
  readonly token: number;
  readonly value: number;
}

/**
 * Returns the positions with the largest values that are at least `apart` tokens apart, largest first.
 * @param values in the order of the tokens
 */
export function strongest(values: Float32Array, limit: number, apart: number): Place[] {
  const ranked = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
  const isNear = new Uint8Array(values.length);
  const taken: Place[] = [];
  for (const token of ranked) {
    if (taken.length === limit) break;
    if (isNear[token]) continue;
    taken.push({ token, value: values[token]! });
    isNear.fill(1, Math.max(0, token - apart + 1), token + Math.max(1, apart));
  }
  return taken;
}
