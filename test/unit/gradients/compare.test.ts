import assert from 'node:assert/strict';
import { assertAllClose, assertClose } from '../../oracle/compare.ts';
import { Matrix } from '../../oracle/matrix.ts';

describe('comparing tensors', () => {
  it('is relative to the norm of the expected tensor', () => {
    assertClose('kernel', [3, 4.0005], [3, 4], 1.1e-4);
    assert.throws(() => assertClose('kernel', [3, 4.0005], [3, 4], 0.9e-4), /kernel: .* = 1\.00e-4, allowed 9e-5/);
  });

  it('accepts only zero for zero', () => {
    assertClose('dL/dh_0', [0, 0], [0, 0], 1e-6);
    assert.throws(() => assertClose('dL/dh_0', [1e-12, 0], [0, 0], 1e-6), /dL\/dh_0/);
  });

  it('never accepts NaN, infinity or a missing value', () => {
    for (const wrong of [NaN, Infinity]) assert.throws(() => assertClose('bias', [1, wrong], [1, 1], 1), /bias/);
    assert.throws(() => assertClose('bias', [1, 1], [1, NaN], 1), /bias/);
    assert.throws(() => assertClose('bias', [1], [1, 1], 1), /bias: 1 values where 2 are expected/);
  });

  it('names the tensor that is missing, has another shape, or is not close', () => {
    const expected = new Map([
      ['lstm_1/kernel', new Matrix(1, 2, [1, 2])],
      ['dense/bias', new Matrix(1, 1, [1])],
    ]);
    const but = (name: string, tensor: Matrix): Map<string, Matrix> => new Map(expected).set(name, tensor);
    assertAllClose(expected, expected, 0);
    assert.throws(() => assertAllClose(new Map(), expected, 1), /the same tensors by name/);
    assert.throws(
      () => assertAllClose(but('lstm_1/kernel', new Matrix(2, 1, [1, 2])), expected, 1),
      /lstm_1\/kernel: shape/,
    );
    assert.throws(
      () => assertAllClose(but('dense/bias', new Matrix(1, 1, [2])), expected, 0.1),
      /dense\/bias: \|\|a - b\|\|/,
    );
  });
});
