import type { Generator } from '../random/generator.ts';

/**
 * Initial weights, drawn from the generator of the run. The initializers of TensorFlow.js use their own generator,
 * whose state cannot be stored.
 */

/** Uniform numbers in +-sqrt(6 / (rows + columns)) (Glorot and Bengio 2010, eq. 16); row-major `[rows, columns]`. */
export function glorotUniform(rows: number, columns: number, generator: Generator): Float32Array {
  const limit = Math.sqrt(6 / (rows + columns));
  return Float32Array.from({ length: rows * columns }, () => (2 * generator.nextUniform() - 1) * limit);
}

/** Uniform numbers in +-limit, as Keras draws embeddings (limit 0.05). */
export function uniform(size: number, limit: number, generator: Generator): Float32Array {
  return Float32Array.from({ length: size }, () => (2 * generator.nextUniform() - 1) * limit);
}

/** Normally distributed numbers with mean zero. */
export function normal(size: number, standardDeviation: number, generator: Generator): Float32Array {
  return Float32Array.from({ length: size }, () => generator.nextNormal() * standardDeviation);
}

/**
 * Concatenated identity matrices `[rows, columns]`, one for each gate of a recurrent kernel (for the simple RNN: Le et
 * al. 2015).
 */
export function repeatedIdentity(rows: number, columns: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, index) =>
    (index % columns) % rows === Math.floor(index / columns) ? 1 : 0,
  );
}

/**
 * Random matrix `[rows, columns]` with orthonormal rows, for rows <= columns (Saxe et al. 2014). Normal draws are made
 * orthogonal by modified Gram-Schmidt in float64.
 */
export function orthogonalRows(rows: number, columns: number, generator: Generator): Float32Array {
  const basis: Float64Array[] = [];
  for (let row = 0; row < rows; row++) {
    const vector = Float64Array.from({ length: columns }, () => generator.nextNormal());
    for (const other of basis) {
      const along = dot(vector, other);
      for (let k = 0; k < columns; k++) vector[k] = at(vector, k) - along * at(other, k);
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / norm));
  }
  const matrix = new Float32Array(rows * columns);
  basis.forEach((vector, row) => matrix.set(vector, row * columns));
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += at(a, k) * at(b, k);
  return sum;
}

function at(values: Float64Array, index: number): number {
  return values[index]!;
}
