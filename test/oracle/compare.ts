import assert from 'node:assert/strict';
import type { Matrix } from './matrix.ts';

/** ||actual - expected|| / ||expected|| in L2; NaN if any value is NaN, 0 for two zero tensors. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (const [index, value] of Array.from(expected).entries()) {
    difference += (Number(actual[index]) - value) ** 2;
    norm += value ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}

/**
 * Throws an error with the name of the tensor if its relative error is above the tolerance or NaN.
 */
export function assertClose(
  name: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  assert.equal(
    actual.length,
    expected.length,
    `${name}: ${actual.length} values where ${expected.length} are expected`,
  );
  const error = relativeError(actual, expected);
  assert.ok(
    error <= tolerance,
    `${name}: ||a - b|| / ||b|| = ${error.toExponential(2)}, allowed ${tolerance.toExponential(0)};` +
      ` starts ${excerpt(actual)} where ${excerpt(expected)} is expected`,
  );
}

/** Half the distance of 1 and the next number. */
export const UNIT_ROUNDOFF = { single: 2 ** -24, double: 2 ** -53 } as const;

/**
 * Asserts that each value is as close to the expected one as a precision guarantees for sums in any order: after n
 * roundings a term t is off by at most |t| n u / (1 - n u) (Higham 2002, Accuracy and Stability, lemma 3.1). Values
 * without roundings are equal.
 *
 * @param magnitudes sum of the absolute values of the terms of each value
 * @param roundings largest number of roundings of a term, in both numbers if the expected one is rounded too
 */
export function assertWithinRoundings(
  name: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  magnitudes: ArrayLike<number>,
  roundings: number,
  unit: number = UNIT_ROUNDOFF.single,
): void {
  assert.equal(actual.length, expected.length, `${name}: number of values`);
  const share = (roundings * unit) / (1 - roundings * unit);
  const wrong = Array.from(expected).findIndex(
    (value, at) => !(Math.abs(Number(actual[at]) - value) <= share * Number(magnitudes[at])),
  );
  assert.ok(
    wrong < 0,
    `${name}[${wrong}] is ${actual[wrong]} where ${expected[wrong]} is expected,` +
      ` with ${roundings} roundings of terms of ${magnitudes[wrong]}`,
  );
}

/** Compares tensors by name: the same names, and each close to what is expected. */
export function assertAllClose(
  actual: ReadonlyMap<string, Matrix>,
  expected: ReadonlyMap<string, Matrix>,
  tolerance: number,
): void {
  assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort(), 'the same tensors by name');
  for (const [name, tensor] of expected) {
    const found = actual.get(name);
    assert.deepEqual([found?.rows, found?.columns], [tensor.rows, tensor.columns], `${name}: shape`);
    assertClose(name, found?.values ?? [], tensor.values, tolerance);
  }
}

function excerpt(values: ArrayLike<number>): string {
  return `[${Array.from(values)
    .slice(0, 3)
    .map((value) => value.toPrecision(7))
    .join(', ')}${values.length > 3 ? ', …' : ''}]`;
}
