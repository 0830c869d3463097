import { trainingTokens } from '../../config/textLength.ts';
import type { UnknownTokens } from './inspection.ts';

const MAX_EXAMPLES = 12;
/** Characters of two code units. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Characters of the parts of a text, as a language model of characters is trained on it. */
export interface TextParts {
  readonly train: number;
  readonly validation: number;
  readonly unknown: UnknownTokens | null;
}

/** Divides a text like training: its last characters are for validation. */
export function textParts(pieces: readonly string[], validationShare: number): TextParts {
  const characters = pieces.reduce((sum, piece) => sum + piece.length - (piece.match(PAIR)?.length ?? 0), 0);
  const train = trainingTokens(characters, { validationShare });
  const known = new Set<string>();
  const counts = new Map<string, number>();
  let seen = 0;
  let unknown = 0;
  for (const piece of pieces)
    for (const character of piece) {
      if (seen++ < train) known.add(character);
      else if (!known.has(character)) {
        unknown++;
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
  const examples = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_EXAMPLES);
  const validation = characters - train;
  return {
    train,
    validation,
    unknown:
      validation === 0
        ? null
        : { unit: 'character', tokens: validation, unknown, examples: examples.map(([character]) => character) },
  };
}
