import type { Lockstep, Value } from './lockstep.ts';

/** Functions of recurrent cells in terms of vector operations. constants.ts holds their constants. */

/** Polynomial by Horner's scheme, from the highest power down. */
function polynomial(code: Lockstep, x: Value, address: string, terms: number): Value {
  let sum = code.constant(address);
  for (let term = 1; term < terms; term++) sum = code.madd(sum, x, code.constant(address, 4 * term));
  return sum;
}

/** e^x for -87 <= x <= 88, clamped to the value at the bound outside. Relative error below 2e-7. */
export function exp(code: Lockstep, input: Value): Value {
  const x = code.atLeast(code.atMost(input, code.constant('EXP_HIGHEST')), code.constant('EXP_LOWEST'));
  const rounded = code.madd(x, code.constant('LOG2_E'), code.constant('ROUNDING'));
  const n = code.sub(rounded, code.constant('ROUNDING'));
  const r = code.nmadd(n, code.constant('LN2_LOW'), code.nmadd(n, code.constant('LN2_HIGH'), x));
  const tail = polynomial(code, r, 'EXP_POLYNOMIAL', 6);
  const p = code.add(code.madd(tail, code.mul(r, r), r), code.constant('ONE'));
  return code.scaleByPower(p, rounded);
}

export interface Fraction {
  readonly numerator: Value;
  readonly denominator: Value;
}

function quotient(code: Lockstep, { numerator, denominator }: Fraction): Value {
  return code.div(numerator, denominator);
}

/** Computes two quotients with one division. The product of the denominators must not overflow. */
export function quotients(code: Lockstep, a: Fraction, b: Fraction): [Value, Value] {
  const reciprocal = code.div(code.constant('ONE'), code.mul(a.denominator, b.denominator));
  const times = (x: Value, y: Value) => code.mul(code.mul(x, y), reciprocal);
  return [times(a.numerator, b.denominator), times(b.numerator, a.denominator)];
}

/**
 * Sigmoid 1 / (1 + e^-x) as a fraction with a denominator of at most 6.1e37. Relative error below 1e-6, also far below
 * zero, where a gate is almost closed.
 */
export function sigmoidParts(code: Lockstep, x: Value): Fraction {
  const one = code.constant('ONE');
  return { numerator: one, denominator: code.add(one, exp(code, code.sub(code.constant('ZERO'), x))) };
}

export function sigmoid(code: Lockstep, x: Value): Value {
  return quotient(code, sigmoidParts(code, x));
}

/** Hyperbolic tangent as a fraction with a denominator between 0.004 and 1. Relative error below 1e-6. */
export function tanhParts(code: Lockstep, input: Value): Fraction {
  const x = code.atLeast(code.atMost(input, code.constant('TANH_HIGHEST')), code.constant('TANH_LOWEST'));
  const square = code.mul(x, x);
  const p = polynomial(code, square, 'TANH_NUMERATOR', 7);
  const q = polynomial(code, square, 'TANH_DENOMINATOR', 4);
  return { numerator: code.mul(x, p), denominator: q };
}

export function tanh(code: Lockstep, x: Value): Value {
  return quotient(code, tanhParts(code, x));
}

/** Slope of the sigmoid where its value is y: y (1 - y). */
export function sigmoidSlope(code: Lockstep, y: Value): Value {
  return code.nmadd(y, y, y);
}

/** Slope of tanh where its value is y: 1 - y^2. */
export function tanhSlope(code: Lockstep, y: Value): Value {
  return code.nmadd(y, y, code.constant('ONE'));
}
