import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ChainProducts } from '../../../src/kernels/chainProducts.ts';
import { Matrix, multiply, transpose } from '../../oracle/matrix.ts';
import { Random } from '../../oracle/random.ts';

describe('products over a Markov chain', () => {
  it('are those of plain loops, for sequences of any length one after another', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 13 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 }),
        fc.nat(),
        (states, lengths, seed) => {
          const random = new Random(seed);
          const transition = random.matrix(states, states, 1);
          const chain = new ChainProducts(states);
          chain.begin(transition.values);
          const sum = new Float64Array(states * states);
          const row = (table: Float64Array, t: number): Float64Array =>
            table.subarray(t * chain.width, t * chain.width + states);
          const product = (vector: Float64Array, matrix: Matrix): Float64Array =>
            multiply(new Matrix(1, states, [...vector]), matrix).values;
          for (const length of lengths) {
            chain.reserve(length);
            row(chain.alpha, 0).set(random.matrix(1, states, 1).values);
            row(chain.weighted, length - 1).set(random.matrix(1, states, 1).values);
            for (let t = 1; t < length; t++) {
              chain.forward(t);
              assertClose(row(chain.alpha, t), product(row(chain.alpha, t - 1), transition));
            }
            for (let t = length - 2; t >= 0; t--) {
              chain.backward(t);
              assertClose(row(chain.weighted, t), product(row(chain.weighted, t + 1), transpose(transition)));
            }
            for (let t = 0; t + 1 < length; t++)
              for (let i = 0; i < states; i++)
                for (let j = 0; j < states; j++)
                  sum[i * states + j]! += row(chain.alpha, t)[i]! * row(chain.weighted, t + 1)[j]!;
            chain.addPairs(length);
          }
          for (let i = 0; i < states; i++) assertClose(row(chain.pairs, i), sum.subarray(i * states, (i + 1) * states));
        },
      ),
      { seed: 7, numRuns: 100 },
    );
  });
});

function assertClose(actual: Float64Array, expected: Float64Array): void {
  expected.forEach((value, index) => {
    const found = actual[index]!;
    assert.ok(Math.abs(found - value) <= 1e-11 * (1 + Math.abs(value)), `entry ${index}: ${found} for ${value}`);
  });
}
