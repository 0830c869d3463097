import type { ActivationName } from '../../protocol/probes.ts';

/** Number of color levels for either sign. VS Code creates a style sheet rule for each, so there are few. */
export const LEVELS = 8;

/** Surprisal of the strongest color in nats: that of a token with a probability of about 1 in 400. */
const MAX_SURPRISAL = 6;

/** Smallest range of cell states, relative to the largest one, that the levels are spread over. */
const MIN_SPREAD = 0.1;

/**
 * Color level of each token by a unit: -LEVELS (blue) to LEVELS (red), 0 for none. A cell state is unbounded: its levels
 * span the values of these tokens.
 */
export function unitLevels(values: readonly number[], activation: ActivationName): Int8Array {
  return activation === 'cellState' ? cellStateLevels(values) : Int8Array.from(values, levelOf);
}

/**
 * Levels of cell states. Zero has no color. Where all of them have one sign and are large, so that tanh would give all
 * the same color, the levels span their range instead.
 */
function cellStateLevels(values: readonly number[]): Int8Array {
  const sizes = values.map((value) => Math.min(Math.abs(value), Number.MAX_VALUE));
  const sorted = sizes.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const high = Math.max(1, quantile(0.95));
  const isOneSided = values.every((value) => value > 0) || values.every((value) => value < 0);
  const low = isOneSided && quantile(0.05) > 1 ? Math.min(quantile(0.05), high * (1 - MIN_SPREAD)) : 0;
  return Int8Array.from(values, (value, i) => {
    const share = Math.min(1, Math.max(0, ((sizes[i] ?? 0) - low) / (high - low)));
    // A large state keeps its color, however small it is among the others.
    const level = low > 0 ? 1 + Math.round(share * (LEVELS - 1)) : Math.round(share * LEVELS);
    return Math.sign(value) * level;
  });
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
