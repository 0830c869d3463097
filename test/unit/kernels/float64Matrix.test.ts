import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Float64Matrix } from '../../../src/kernels/float64Matrix.ts';
import { Matrix, multiply, transpose } from '../../oracle/matrix.ts';
import { Random } from '../../oracle/random.ts';

const size = fc.integer({ min: 1, max: 13 });

function assertClose(actual: Float64Array, expected: Float64Array): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, index) => {
    const found = actual[index] ?? NaN;
    assert.ok(Math.abs(found - value) <= 1e-13, `entry ${index}: ${found} for ${value}`);
  });
}

describe('products with a matrix in float64', () => {
  it('are those of plain loops, for blocks of columns at any offset, and for matrices in turn', () => {
    fc.assert(
      fc.property(size, size, size, fc.nat(), (rows, before, columns, seed) => {
        const random = new Random(seed);
        const [one, other] = [0, 1].map(() => random.matrix(rows, before + columns, 1)) as [Matrix, Matrix];
        const [x, y] = [random.matrix(1, rows, 1), random.matrix(1, columns, 1)];
        const matrices = [one, other].map((plain) => ({
          block: new Matrix(
            rows,
            columns,
            [...plain.values].filter((_, index) => index % (before + columns) >= before),
          ),
          fast: new Float64Matrix(plain.rows, plain.columns, plain.values),
        }));
        for (const { block, fast } of [...matrices, ...matrices]) {
          assertClose(fast.times(x.values, before, columns), multiply(x, block).values);
          assertClose(fast.timesTransposed(y.values, before, columns), multiply(y, transpose(block)).values);
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('of a vector that is longer than the matrix is high ignore the rest, and leave no trace of it', () => {
    const matrix = new Float64Matrix(3, 2, [1, 2, 3, 4, 5, 6]);
    assert.deepEqual([...matrix.times(Float64Array.of(1, 1, 1, NaN, NaN))], [9, 12]);
    matrix.timesTransposed(Float64Array.of(NaN, Infinity));
    assert.deepEqual([...matrix.times(Float64Array.of(1, 0, 1))], [6, 8]);
  });

  it('keep the values that the matrix was made from', () => {
    const values = Float64Array.of(1, 2);
    const matrix = new Float64Matrix(1, 2, values);
    values.fill(0);
    assert.deepEqual([...matrix.times(Float64Array.of(2))], [2, 4]);
  });
});
