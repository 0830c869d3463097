import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { fedBack } from '../../../src/interop/fedBack.ts';

/** A row `[inner]` times a matrix `[inner, columns]`. */
function times(row: readonly number[], matrix: Float32Array, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) =>
    row.reduce((sum, value, at) => sum + value * matrix[at * columns + column]!, 0),
  );
}

describe('a simple RNN that reads its last output', () => {
  it('adds to its hidden state what one that reads its hidden state adds', () => {
    const sizes = fc.record({ units: fc.integer({ min: 1, max: 5 }), outputs: fc.integer({ min: 1, max: 4 }) });
    const numbers = (length: number) =>
      fc.float32Array({ min: -2, max: 2, noNaN: true, minLength: length, maxLength: length });
    const property = fc.property(
      sizes.chain(({ units, outputs }) =>
        fc.record({
          size: fc.constant({ units, outputs }),
          state: numbers(units),
          recurrent: numbers(outputs * units),
          dense: numbers(units * outputs),
          constant: numbers(outputs),
          bias: fc.option(numbers(units), { nil: undefined }),
        }),
      ),
      ({ size, state, ...weights }) => {
        const { units, outputs } = size;
        const { recurrent, dense, constant, bias } = weights;
        const output = times([...state], dense, outputs).map((value, at) => value + constant[at]!);
        const expected = times(output, recurrent, units).map((value, at) => value + (bias?.[at] ?? 0));
        const folded = fedBack(weights, size);
        times([...state], folded.recurrent, units).forEach((value, at) =>
          assert.ok(Math.abs(value + folded.bias[at]! - expected[at]!) < 1e-4),
        );
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});
