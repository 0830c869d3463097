/** A vector that is mostly zeros. */
export interface SparseVector {
  /** The columns that are not zero, ascending. */
  readonly columns: Int32Array;
  /** The value in each of these columns. */
  readonly values: Float64Array;
}

/**
 * How often each token of a vocabulary occurs, whatever their order. Ids from 1 on are columns from 0 on, so that
 * `<unk>` (0) and ids after the last column, such as `<pad>`, are in no bag.
 * @param columns number of tokens that count
 */
export function bagOfWords(ids: Iterable<number>, columns: number): SparseVector {
  const counts = new Map<number, number>();
  for (const id of ids) if (id >= 1 && id <= columns) counts.set(id - 1, (counts.get(id - 1) ?? 0) + 1);
  const sorted = Int32Array.from(counts.keys()).sort();
  return { columns: sorted, values: Float64Array.from(sorted, (column) => counts.get(column)!) };
}
