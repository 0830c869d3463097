import type { TokenUnit, UnknownTokens } from './inspection.ts';

const MAX_EXAMPLES = 12;

/**
 * Finds tokens of the validation part that never occur in the training part. Returns null without a validation part.
 */
export function unknownTokens(
  train: readonly (readonly string[])[],
  validation: readonly (readonly string[])[],
  unit: TokenUnit,
): UnknownTokens | null {
  if (validation.length === 0) return null;
  const known = new Set(train.flat());
  const counts = new Map<string, number>();
  let tokens = 0;
  let unknown = 0;
  for (const token of validation.flat()) {
    tokens++;
    if (known.has(token)) continue;
    unknown++;
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  const examples = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_EXAMPLES);
  return { unit, tokens, unknown, examples: examples.map(([token]) => token) };
}
