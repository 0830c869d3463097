import type { ActivationName } from '../../protocol/probes.ts';

/** Number of color levels for either sign. VS Code creates a style sheet rule for each, so there are few. */
export const LEVELS = 8;

/** Surprisal of the strongest color in nats: that of a token with a probability of about 1 in 400. */
const MAX_SURPRISAL = 6;

/**
 * Color level of each token by a unit: -LEVELS (blue) to LEVELS (red), 0 for none. A cell state is unbounded and passes
 * through tanh first, as in the hidden state.
 */
export function unitLevels(values: readonly number[], activation: ActivationName): Int8Array {
  return Int8Array.from(values, (value) => levelOf(activation === 'cellState' ? Math.tanh(value) : value));
}

/** Color level of each token by surprisal, 0 to LEVELS; 0 for tokens without a prediction. */
export function surprisalLevels(surprisal: readonly (number | null)[]): Int8Array {
  return Int8Array.from(surprisal, (nats) => levelOf((nats ?? 0) / MAX_SURPRISAL));
}

/** Level of a value from -1 to 1; values outside are clamped. */
function levelOf(share: number): number {
  const level = Math.round(share * LEVELS);
  return Math.min(Math.max(level, -LEVELS), LEVELS);
}

/** Range of neighboring tokens with the same level. */
export interface LevelRange {
  readonly level: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Ranges to color. Neighboring tokens with the same level share a range; level 0 is omitted.
 * @param offsets start of each token, ascending
 * @param end end of the last token
 */
export function levelRanges(levels: Int8Array, offsets: readonly number[], end: number): LevelRange[] {
  const ranges: LevelRange[] = [];
  for (let i = 0; i < levels.length;) {
    const level = levels[i] ?? 0;
    let next = i + 1;
    while (next < levels.length && levels[next] === level) next++;
    if (level !== 0) ranges.push({ level, start: offsets[i] ?? end, end: offsets[next] ?? end });
    i = next;
  }
  return ranges;
}
