import { formatLoss } from '../format.ts';

/** From this surprisal on, in nats, a token has the last color: less likely than 1 in 400. */
export const MOST_SURPRISAL = 6;

/** Surprisals as bytes of a palette, and 1 for each that there is none of: of the first token of a text. */
export function surprisalBytes(surprisal: readonly (number | null)[]): {
  readonly values: Uint8Array;
  readonly holes: Uint8Array;
} {
  return {
    values: Uint8Array.from(surprisal, (nats) =>
      Math.round((Math.min(nats ?? 0, MOST_SURPRISAL) / MOST_SURPRISAL) * 255),
    ),
    holes: Uint8Array.from(surprisal, (nats) => (nats === null ? 1 : 0)),
  };
}

/** The mean over the tokens that have a surprisal, in a sentence. */
export function meanSurprisalSentence(surprisal: readonly (number | null)[]): string {
  const known = surprisal.filter((nats) => nats !== null);
  if (known.length === 0) return 'No character here was predicted.';
  const mean = known.reduce((sum, nats) => sum + nats, 0) / known.length;
  return `Mean surprisal ${formatLoss(mean)} nats (${formatLoss(mean / Math.LN2)} bits) per character over ${known.length} characters.`;
}
