/** Share of two columns' lengths below which their product counts as zero. */
const TOLERANCE = 1e-14;

/** Maximum number of sweeps over all pairs of columns; eight are usual. */
const MAX_SWEEPS = 30;

/**
 * All singular values of a matrix, largest first: one-sided Jacobi rotations make its columns orthogonal, whose lengths
 * are then the singular values (Golub and Van Loan 2013, section 8.6.3). For matrices of about a hundred columns.
 * @param values `[rows, columns]`, row-major
 */
export function singularValues(values: ArrayLike<number>, columns: number): number[] {
  const rows = values.length / columns;
  const vectors = Array.from({ length: columns }, (_, column) =>
    Float64Array.from({ length: rows }, (__, row) => values[row * columns + column]!),
  );
  for (let sweep = 0, rotated = true; rotated && sweep < MAX_SWEEPS; sweep++) {
    rotated = false;
    for (let i = 0; i < columns; i++)
      for (let j = i + 1; j < columns; j++) if (rotate(vectors[i]!, vectors[j]!)) rotated = true;
  }
  return vectors.map((vector) => Math.sqrt(dot(vector, vector))).sort((a, b) => b - a);
}

/** Makes two columns orthogonal. @returns false if they are already */
function rotate(a: Float64Array, b: Float64Array): boolean {
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  if (Math.abs(ab) <= TOLERANCE * Math.sqrt(aa * bb)) return false;
  const zeta = (bb - aa) / (2 * ab);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = cosine * tangent;
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k]!, b[k]!];
    a[k] = cosine * x - sine * y;
    b[k] = sine * x + cosine * y;
  }
  return true;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
