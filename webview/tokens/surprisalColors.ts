/** Surprisal of the last color in nats, a probability of about 1 in 400. */
export const MAX_SURPRISAL = 6;

/** Encodes surprisals as palette bytes, with a hole for each null, such as that of the first token. */
export function surprisalBytes(surprisal: readonly (number | null)[]): {
  readonly values: Uint8Array;
  readonly holes: Uint8Array;
} {
  return {
    values: Uint8Array.from(surprisal, (nats) =>
      Math.round((Math.min(nats ?? 0, MAX_SURPRISAL) / MAX_SURPRISAL) * 255),
    ),
    holes: Uint8Array.from(surprisal, (nats) => (nats === null ? 1 : 0)),
  };
}
