/**
 * Passes on the pieces of a text up to the first occurrence of a stop string, which is not part of the text. Pieces that
 * may be the beginning of one are held back until the text goes on or ends.
 */
export async function* untilStop<Piece extends { readonly text: string }>(
  pieces: AsyncIterable<Piece>,
  stops: readonly string[],
): AsyncGenerator<Piece, void, void> {
  let held: Piece[] = [];
  for await (const piece of pieces) {
    held.push(piece);
    const text = joined(held);
    const end = firstOf(stops, text);
    if (end >= 0) {
      yield* cut(held, end);
      return;
    }
    const certain = text.length - openEnd(stops, text);
    let passed = 0;
    while (held[0] && passed + held[0].text.length <= certain) {
      passed += held[0].text.length;
      yield held[0];
      held = held.slice(1);
    }
  }
  yield* held;
}

/** The pieces of a text up to the first stop string. */
export function cutAtStop<Piece extends { readonly text: string }>(
  pieces: readonly Piece[],
  stops: readonly string[],
): readonly Piece[] {
  const end = firstOf(stops, joined(pieces));
  return end < 0 ? pieces : cut(pieces, end);
}

/**
 * Place of the first stop string in a text; -1 if it has none. The first one is the one that is complete first, and of those
 * that end at the same place the longest: a text that is written in pieces ends there, whatever would follow.
 */
export function firstOf(stops: readonly string[], text: string): number {
  let [start, end] = [-1, Infinity];
  for (const stop of stops) {
    const place = text.indexOf(stop);
    if (place < 0) continue;
    const isFirst = place + stop.length < end || (place + stop.length === end && place < start);
    if (isFirst) [start, end] = [place, place + stop.length];
  }
  return start;
}

/** The pieces of the first characters of a text. */
function cut<Piece extends { readonly text: string }>(pieces: readonly Piece[], length: number): Piece[] {
  const kept: Piece[] = [];
  let left = length;
  for (const piece of pieces) {
    if (left <= 0) break;
    kept.push(piece.text.length <= left ? piece : { ...piece, text: piece.text.slice(0, left) });
    left -= piece.text.length;
  }
  return kept;
}

function joined(pieces: readonly { readonly text: string }[]): string {
  return pieces.map(({ text }) => text).join('');
}

/** Length of the longest end of a text that begins a stop string. */
function openEnd(stops: readonly string[], text: string): number {
  const longest = Math.max(0, ...stops.map(({ length }) => length - 1));
  for (let length = Math.min(longest, text.length); length > 0; length--)
    if (stops.some((stop) => stop.length > length && stop.startsWith(text.slice(-length)))) return length;
  return 0;
}
