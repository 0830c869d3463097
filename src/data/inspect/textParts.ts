import { trainingTokens } from '../../config/textLength.ts';
import { CharacterSet, countCharacters } from './codePoints.ts';
import type { UnknownTokens } from './inspection.ts';

const MAX_EXAMPLES = 12;

/** Characters of the parts of a text, as a language model of characters is trained on it. */
export interface TextParts {
  readonly train: number;
  readonly validation: number;
  readonly unknown: UnknownTokens | null;
}

/** Divides a text like training: its last characters are for validation. */
export function textParts(pieces: readonly string[], validationShare: number): TextParts {
  const characters = pieces.reduce((sum, piece) => sum + countCharacters(piece), 0);
  const train = trainingTokens(characters, { validationShare });
  const known = new CharacterSet();
  const counts = new Map<string, number>();
  let left = train;
  for (const piece of pieces) {
    const size = countCharacters(piece);
    const place = known.add(piece, left);
    left = Math.max(0, left - size);
    known.others(piece, place, (character) => counts.set(character, (counts.get(character) ?? 0) + 1));
  }
  const unknown = [...counts.values()].reduce((sum, count) => sum + count, 0);
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
