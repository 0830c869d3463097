import type { SparseVector } from '../../src/models/bagOfWords/bag.ts';

/** Converts a sparse vector to a dense vector, `[columns]`. */
export function dense(vector: SparseVector, columns: number): Float64Array {
  const values = new Float64Array(columns);
  vector.columns.forEach((column, at) => (values[column] = vector.values[at]!));
  return values;
}
