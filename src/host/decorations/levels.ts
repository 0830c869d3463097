import type { ActivationName } from '../../protocol/probes.ts';

/** Strengths of color on each side of nothing. VS Code draws a style sheet rule for each, so there are few. */
export const LEVELS = 8;

/** From this surprisal on, in nats, a token has the strongest color: less likely than 1 in 400. */
const MOST_SURPRISAL = 6;

/**
 * How strongly each token is colored: from -LEVELS (blue) over 0 (not at all) to LEVELS (red). A cell state, which has
 * no bounds, goes through tanh, as it does on its way into the hidden state.
 */
export function unitLevels(values: readonly number[], activation: ActivationName): Int8Array {
  return Int8Array.from(values, (value) => levelOf(activation === 'cellState' ? Math.tanh(value) : value));
}

/** How strongly each token is colored, from 0 to LEVELS; a token that nothing predicts is not. */
export function surprisalLevels(surprisal: readonly (number | null)[]): Int8Array {
  return Int8Array.from(surprisal, (nats) => levelOf((nats ?? 0) / MOST_SURPRISAL));
}

/** The level of a share from -1 to 1; what lies beyond has the strongest. */
function levelOf(share: number): number {
  const level = Math.round(share * LEVELS);
  return Math.min(Math.max(level, -LEVELS), LEVELS);
}

/** Neighboring tokens of one level, as one range of the text. */
export interface LevelRange {
  readonly level: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The ranges to color: fewer than tokens, because neighbors of one level are one. What is not colored is left out.
 * @param offsets where each token begins, rising
 * @param end where the last token ends
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
