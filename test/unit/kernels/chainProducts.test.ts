import fc from 'fast-check';
import { ChainProducts } from '../../../src/kernels/chainProducts.ts';
import { assertWithinRoundings, UNIT_ROUNDOFF } from '../../oracle/compare.ts';
import { elementwise, Matrix, multiply, transpose } from '../../oracle/matrix.ts';
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
          const [sum, magnitude] = [new Float64Array(states * states), new Float64Array(states * states)];
          const row = (table: Float64Array, t: number): Float64Array =>
            table.subarray(t * chain.width, t * chain.width + states);
          const assertProduct = (actual: Float64Array, vector: Float64Array, matrix: Matrix): void => {
            const factor = new Matrix(1, states, vector);
            const terms = multiply(elementwise(Math.abs, factor), elementwise(Math.abs, matrix));
            assertClose(actual, multiply(factor, matrix).values, terms.values, states);
          };
          for (const length of lengths) {
            chain.reserve(length);
            row(chain.alpha, 0).set(random.matrix(1, states, 1).values);
            row(chain.weighted, length - 1).set(random.matrix(1, states, 1).values);
            for (let t = 1; t < length; t++) {
              chain.forward(t);
              assertProduct(row(chain.alpha, t), row(chain.alpha, t - 1), transition);
            }
            for (let t = length - 2; t >= 0; t--) {
              chain.backward(t);
              assertProduct(row(chain.weighted, t), row(chain.weighted, t + 1), transpose(transition));
            }
            for (let t = 0; t + 1 < length; t++)
              for (let i = 0; i < states; i++)
                for (let j = 0; j < states; j++) {
                  const term = row(chain.alpha, t)[i]! * row(chain.weighted, t + 1)[j]!;
                  sum[i * states + j]! += term;
                  magnitude[i * states + j]! += Math.abs(term);
                }
            chain.addPairs(length);
          }
          const terms = lengths.reduce((total, length) => total + length, 0);
          for (let i = 0; i < states; i++) {
            const [from, to] = [i * states, (i + 1) * states];
            assertClose(row(chain.pairs, i), sum.subarray(from, to), magnitude.subarray(from, to), terms);
          }
        },
      ),
    );
  });
});

/** Sums of products that are rounded once each, and in each addition, on both sides. */
function assertClose(actual: Float64Array, expected: Float64Array, magnitudes: Float64Array, terms: number): void {
  assertWithinRoundings('row', actual, expected, magnitudes, 2 * terms, UNIT_ROUNDOFF.double);
}
