/** A tuple of the equal parts of one tensor, by their number. */
export type Parts<T, Count extends 2 | 3 | 4> = { 2: [T, T]; 3: [T, T, T]; 4: [T, T, T, T] }[Count];

/** The parts as a tuple. @throws RangeError for another number of parts */
export function asParts<T, Count extends 2 | 3 | 4>(parts: readonly T[], count: Count): Parts<T, Count> {
  if (parts.length !== count) throw new RangeError(`Expected ${count} parts, got ${parts.length}.`);
  return parts as Parts<T, Count>;
}
