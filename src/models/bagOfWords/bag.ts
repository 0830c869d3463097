/** Sparse vector. */
export interface SparseVector {
  /** Columns of the nonzero entries, ascending. */
  readonly columns: Int32Array;
  /** Value in each of these columns. */
  readonly values: Float64Array;
}

/**
 * Counts each token of a vocabulary, ignoring the order. Id `i` is column `i - 1`: `<unk>` (0) and ids after the last
 * column, such as `<pad>`, are not counted.
 * @param columns number of tokens that are counted
 */
export function bagOfWords(ids: Iterable<number>, columns: number): SparseVector {
  const counts = new Map<number, number>();
  for (const id of ids) if (id >= 1 && id <= columns) counts.set(id - 1, (counts.get(id - 1) ?? 0) + 1);
  const sorted = Int32Array.from(counts.keys()).sort();
  return { columns: sorted, values: Float64Array.from(sorted, (column) => counts.get(column)!) };
}
