import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { orthogonalRows } from '../../../src/layers/initializers.ts';
import { largestSingularValue, type LinearMap } from '../../../src/probes/singularValue.ts';
import { spectralRadius } from '../../../src/probes/spectralRadius.ts';
import { Generator } from '../../../src/random/generator.ts';
import { Matrix, multiply, transpose } from '../../oracle/matrix.ts';

function mapOf(matrix: Matrix): LinearMap {
  const times = (a: Matrix, x: Float64Array) => multiply(a, new Matrix(x.length, 1, x)).values;
  return {
    columns: matrix.columns,
    apply: (x) => times(matrix, x),
    applyTransposed: (y) => times(transpose(matrix), y),
  };
}

function orthogonal(size: number, seed: number): Matrix {
  return new Matrix(size, size, orthogonalRows(size, size, Generator.forPurpose(seed, 'matrices')));
}

function diagonal(values: readonly number[]): Matrix {
  return new Matrix(
    values.length,
    values.length,
    values.flatMap((value, row) => values.map((_, column) => (row === column ? value : 0))),
  );
}

describe('the largest singular value', () => {
  it('is that of U diag(s) V^T, whatever the sizes of s: close together, equal, tiny, zero', () => {
    const size = fc.oneof(fc.double({ min: 0.5, max: 1, noNaN: true }), fc.constantFrom(0, 1, 1e-200, 1e120));
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 24 }), fc.nat(), (values, seed) => {
        const matrix = multiply(
          multiply(orthogonal(values.length, seed), diagonal(values)),
          transpose(orthogonal(values.length, seed + 1)),
        );
        const expected = Math.max(...values);
        const found = largestSingularValue(mapOf(matrix));
        const tolerance = values.length <= 8 ? 1e-7 : 1e-4;
        assert.ok(Math.abs(found - expected) <= tolerance * expected, `${found} for ${expected}`);
      }),
      { seed: 4, numRuns: 600 },
    );
  });

  it('of a larger map is that of U diag(s) V^T, too, and takes far fewer products than columns', () => {
    const value = fc.double({ min: 0.5, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 60, maxLength: 60 }), fc.nat(), (values, seed) => {
        const [largest, ...others] = [1.5, ...values];
        const size = values.length + 1;
        const map = mapOf(
          multiply(
            multiply(orthogonal(size, seed), diagonal([largest, ...others])),
            transpose(orthogonal(size, seed + 1)),
          ),
        );
        let products = 0;
        const found = largestSingularValue({ ...map, apply: (x) => (products++, map.apply(x)) });
        assert.ok(Math.abs(found - largest) <= 1e-4 * largest, `${found} for ${largest}`);
        assert.ok(products < size / 2, `${products} products`);
      }),
      { seed: 4, numRuns: 20 },
    );
  });

  it('is NaN for a matrix that contains NaN', () => {
    assert.ok(Number.isNaN(largestSingularValue(mapOf(new Matrix(2, 2, [1, NaN, 0, 1])))));
  });
});

describe('the spectral radius', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const cases: Record<string, { matrix: Matrix; radius: number }> = {
    'a scaled rotation': { matrix: new Matrix(2, 2, [0, -0.7, 0.7, 0]), radius: 0.7 },
    'a nilpotent matrix': { matrix: new Matrix(3, 3, [0, 5, 1, 0, 0, 5, 0, 0, 0]), radius: 0 },
    zeros: { matrix: new Matrix(2, 2), radius: 0 },
    'a triangular matrix with large off-diagonal entries': {
      matrix: new Matrix(2, 2, [0.5, 100, 0, -0.8]),
      radius: 0.8,
    },
    'a matrix with two eigenvalues of one size': { matrix: diagonal([1.25, -1.25, 0.1]), radius: 1.25 },
    'an orthogonal matrix': { matrix: orthogonal(24, 1), radius: 1 },
  };

  for (const [name, { matrix, radius }] of Object.entries(cases)) {
    it(`of ${name} is ${radius}`, async () => {
      const before = tf.memory().numTensors;
      const found = await spectralRadius(Float32Array.from(matrix.values), matrix.rows);
      assert.ok(Math.abs(found - radius) <= 1e-4 * radius, `${found}`);
      assert.equal(tf.memory().numTensors, before);
    });
  }
});
