/**
 * Matrix of doubles, row-major. Access outside its bounds throws, so that an oracle with a wrong index fails.
 */
export class Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;

  constructor(rows: number, columns: number, values: ArrayLike<number> = new Float64Array(rows * columns)) {
    if (values.length !== rows * columns) {
      throw new RangeError(`A ${rows} x ${columns} matrix needs ${rows * columns} values, got ${values.length}.`);
    }
    this.rows = rows;
    this.columns = columns;
    this.values = Float64Array.from(values);
  }

  at(row: number, column: number): number {
    return this.values[this.#index(row, column)]!;
  }

  set(row: number, column: number, value: number): void {
    this.values[this.#index(row, column)] = value;
  }

  #index(row: number, column: number): number {
    if (row < 0 || row >= this.rows || column < 0 || column >= this.columns) {
      throw new RangeError(`(${row}, ${column}) is outside of a ${this.rows} x ${this.columns} matrix.`);
    }
    return row * this.columns + column;
  }
}

/** The matrix whose entry at (row, column) is `entry(row, column)`. */
export function build(rows: number, columns: number, entry: (row: number, column: number) => number): Matrix {
  const result = new Matrix(rows, columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result.set(row, column, entry(row, column));
  }
  return result;
}

export function zerosLike(matrix: Matrix): Matrix {
  return new Matrix(matrix.rows, matrix.columns);
}

/** a b */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows) {
    throw new RangeError(`Cannot multiply ${a.rows} x ${a.columns} by ${b.rows} x ${b.columns}.`);
  }
  return build(a.rows, b.columns, (row, column) => {
    let sum = 0;
    for (let k = 0; k < a.columns; k++) sum += a.at(row, k) * b.at(k, column);
    return sum;
  });
}

export function transpose(a: Matrix): Matrix {
  return build(a.columns, a.rows, (row, column) => a.at(column, row));
}

/** Applies `f` to the entries of one or more matrices of the same shape. */
export function elementwise(f: (...entries: number[]) => number, first: Matrix, ...others: Matrix[]): Matrix {
  for (const other of others) {
    if (other.rows !== first.rows || other.columns !== first.columns) {
      throw new RangeError(`${first.rows} x ${first.columns} and ${other.rows} x ${other.columns} differ in shape.`);
    }
  }
  return build(first.rows, first.columns, (row, column) =>
    f(first.at(row, column), ...others.map((other) => other.at(row, column))),
  );
}

export function add(a: Matrix, b: Matrix): Matrix {
  return elementwise((x, y) => x + y, a, b);
}

/** Adds the single row of `bias` to each row of a. */
export function addToRows(a: Matrix, bias: Matrix): Matrix {
  return build(a.rows, a.columns, (row, column) => a.at(row, column) + bias.at(0, column));
}

/** The sum of all rows, as a matrix of one row: the gradient of a bias. */
export function sumRows(a: Matrix): Matrix {
  return build(1, a.columns, (_, column) => {
    let sum = 0;
    for (let row = 0; row < a.rows; row++) sum += a.at(row, column);
    return sum;
  });
}

/** `count` columns of a, starting at `from`. */
export function columns(a: Matrix, from: number, count: number): Matrix {
  return build(a.rows, count, (row, column) => a.at(row, from + column));
}

/** Concatenates the columns of matrices with the same number of rows. */
export function concatColumns(...parts: Matrix[]): Matrix {
  const rows = parts[0]?.rows ?? 0;
  const result = new Matrix(
    rows,
    parts.reduce((sum, part) => sum + part.columns, 0),
  );
  let from = 0;
  for (const part of parts) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < part.columns; column++) result.set(row, from + column, part.at(row, column));
    }
    from += part.columns;
  }
  return result;
}

/** One row of a, as a matrix. */
export function row(a: Matrix, index: number): Matrix {
  return build(1, a.columns, (_, column) => a.at(index, column));
}

/** Concatenates the rows of matrices with the same number of columns. */
export function stackRows(parts: readonly Matrix[]): Matrix {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return new Matrix(rows, parts[0]?.columns ?? 0, stack(parts));
}

/** A sequence [timeSteps] of matrices [batch, n] as the flat values of a tensor [timeSteps, batch, n]. */
export function stack(sequence: readonly Matrix[]): Float64Array {
  return Float64Array.from(sequence.flatMap((matrix) => [...matrix.values]));
}

/** One row for each id, with a 1 in its column: [ids.length, count]. */
export function oneHot(ids: readonly number[], count: number): Matrix {
  const result = new Matrix(ids.length, count);
  ids.forEach((id, row) => result.set(row, id, 1));
  return result;
}

/** The sum of matrices of one shape. */
export function sum(matrices: readonly Matrix[]): Matrix {
  return matrices.reduce(add);
}

/** The sum of the products of the entries of two matrices of one shape. */
export function dot(a: Matrix, b: Matrix): number {
  return elementwise((x, y) => x * y, a, b).values.reduce((total, product) => total + product, 0);
}

/** Applies `f` to the elements of two sequences of the same length. */
export function zip<A, B, C>(a: readonly A[], b: readonly B[], f: (a: A, b: B) => C): C[] {
  if (a.length !== b.length) throw new RangeError(`Sequences of ${a.length} and ${b.length} steps do not match.`);
  return a.map((element, index) => f(element, b[index] as B));
}
