import type { Lockstep, Value } from './lockstep.ts';

/** Functions of recurrent cells in terms of vector operations. constants.ts holds their constants. */

/** Polynomial by Horner's scheme, from the highest power down. */
function polynomial(code: Lockstep, x: Value, address: string, terms: number): Value {
  let sum = code.constant(address);
  for (let term = 1; term < terms; term++) sum = code.madd(sum, x, code.constant(address, 4 * term));
  return sum;
}

/** e^x as 2^n (1 + rest), where n is the integer in the low bits of `rounded`. */
interface Exponential {
  readonly rounded: Value;
  readonly rest: Value;
}

/** e^x for -87 <= x <= 88. */
function expParts(code: Lockstep, x: Value): Exponential {
  const rounded = code.madd(x, code.constant('LOG2_E'), code.constant('ROUNDING'));
  const n = code.sub(rounded, code.constant('ROUNDING'));
  const r = code.nmadd(n, code.constant('LN2_LOW'), code.nmadd(n, code.constant('LN2_HIGH'), x));
  return { rounded, rest: restOf(code, r) };
}

/** e^r - 1 for r of at most ln 2 / 2. */
function restOf(code: Lockstep, r: Value): Value {
  const tail = polynomial(code, r, 'EXP_POLYNOMIAL', 4);
  return code.madd(tail, code.mul(r, r), r);
}

/** e^x for -87 <= x <= 88, clamped to the value at the bound outside. Relative error below 3e-7. */
export function exp(code: Lockstep, input: Value): Value {
  const x = code.atLeast(code.atMost(input, code.constant('EXP_HIGHEST')), code.constant('EXP_LOWEST'));
  const { rounded, rest } = expParts(code, x);
  return code.scaleByPower(code.add(rest, code.constant('ONE')), rounded);
}

/** Parts of e^x for x <= 0, clamped to the value at -87 below. */
function decayParts(code: Lockstep, x: Value): Exponential {
  return expParts(code, code.atLeast(x, code.constant('EXP_LOWEST')));
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

/** Computes four quotients with one division. The product of the denominators must not overflow or underflow. */
export function fourQuotients(
  code: Lockstep,
  a: Fraction,
  b: Fraction,
  c: Fraction,
  d: Fraction,
): [Value, Value, Value, Value] {
  const [first, second] = [code.mul(a.denominator, b.denominator), code.mul(c.denominator, d.denominator)];
  const reciprocal = code.div(code.constant('ONE'), code.mul(first, second));
  const [ofFirst, ofSecond] = [code.mul(reciprocal, second), code.mul(reciprocal, first)];
  const times = (x: Value, y: Value, z: Value) => code.mul(code.mul(x, y), z);
  return [
    times(a.numerator, b.denominator, ofFirst),
    times(b.numerator, a.denominator, ofFirst),
    times(c.numerator, d.denominator, ofSecond),
    times(d.numerator, c.denominator, ofSecond),
  ];
}

/**
 * Stored form of the sigmoid of x (`kernels/storedGates.ts`) as a fraction with a denominator between 1 and 2: with e =
 * e^-|x|, it is e / (1 + e) with the sign of x. Relative error below 1e-6.
 */
export function storedSigmoidParts(code: Lockstep, x: Value): Fraction {
  const one = code.constant('ONE');
  const { rounded, rest } = decayParts(code, code.negativeMagnitude(x));
  const e = code.scaleByPower(code.add(rest, one), rounded);
  return { numerator: code.withSign(e, x), denominator: code.add(one, e) };
}

export function storedSigmoid(code: Lockstep, x: Value): Value {
  return quotient(code, storedSigmoidParts(code, x));
}

/** 1 where the stored sigmoid is above 1/2, 0 elsewhere. */
function isOpen(code: Lockstep, stored: Value): Value {
  return code.unlessAtMost(stored, code.constant('ZERO'), code.constant('ONE'));
}

/** Value y of a stored sigmoid. */
export function sigmoidValue(code: Lockstep, stored: Value): Value {
  return code.sub(isOpen(code, stored), stored);
}

/** 1 - y for the value y of a stored sigmoid. */
export function sigmoidComplement(code: Lockstep, stored: Value): Value {
  return code.add(code.sub(code.constant('ONE'), isOpen(code, stored)), stored);
}

/** Slope y (1 - y) of a stored sigmoid. */
export function sigmoidSlope(code: Lockstep, stored: Value): Value {
  const smaller = code.magnitude(stored);
  return code.nmadd(smaller, smaller, smaller);
}

/** Hyperbolic tangent as a fraction with a denominator between 0.004 and 1.4. Relative error below 1e-6. */
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

/**
 * e^(-2 |x|) as parts. One product with ln 2 is enough: without fused operations it is off by at most 5e-6, and a
 * slope may be. Where that is not negligible in tanh, e is.
 */
function doubleDecayParts(code: Lockstep, x: Value): Exponential {
  const half = code.negativeMagnitude(x);
  const exponent = code.atLeast(code.add(half, half), code.constant('EXP_LOWEST'));
  const rounded = code.madd(exponent, code.constant('LOG2_E'), code.constant('ROUNDING'));
  const n = code.sub(rounded, code.constant('ROUNDING'));
  return { rounded, rest: restOf(code, code.nmadd(n, code.constant('LN2'), exponent)) };
}

/** |tanh x| = (1 - e) / (1 + e) as a fraction, with e = e^(-2 |x|). */
interface TanhTerms extends Fraction {
  readonly e: Value;
}

function tanhTerms(code: Lockstep, x: Value): TanhTerms {
  const one = code.constant('ONE');
  const { rounded, rest } = doubleDecayParts(code, x);
  const power = code.scaleByPower(one, rounded);
  const e = code.madd(rest, power, power);
  // 1 - e without its rounding error where x is small.
  return { e, numerator: code.nmadd(rest, power, code.sub(one, power)), denominator: code.add(one, e) };
}

/** tanh x and its slope 4 e / (1 + e)^2, which no difference of close numbers enters. */
export function slopedTanh(code: Lockstep, x: Value): [value: Value, slope: Value] {
  const { e, numerator, denominator } = tanhTerms(code, x);
  const reciprocal = code.div(code.constant('ONE'), denominator);
  return [
    code.withSign(code.mul(numerator, reciprocal), x),
    code.mul(code.mul(code.constant('FOUR'), e), code.mul(reciprocal, reciprocal)),
  ];
}

/** tanh x and its stored form as fractions: (1 - e) / (1 + e) and (1 - e) / 2 e, with the sign of x. */
export function storedTanhParts(code: Lockstep, x: Value): [value: Fraction, stored: Fraction] {
  const { e, numerator: magnitude, denominator } = tanhTerms(code, x);
  const numerator = code.withSign(magnitude, x);
  return [
    { numerator, denominator },
    { numerator, denominator: code.add(e, e) },
  ];
}

/** A tanh and its slope. */
export interface Sloped {
  readonly value: Value;
  readonly slope: Value;
}

function slopedFrom(code: Lockstep, stored: Value, reciprocal: Value): Sloped {
  return {
    value: code.mul(stored, reciprocal),
    slope: code.nmadd(reciprocal, reciprocal, code.add(reciprocal, reciprocal)),
  };
}

/** Value and slope of a stored tanh: with w = 1 / (1 + |s|), s w and w (2 - w). */
export function slopedStored(code: Lockstep, stored: Value): Sloped {
  const one = code.constant('ONE');
  return slopedFrom(code, stored, code.div(one, code.add(one, code.magnitude(stored))));
}

/** Value and slope of a stored tanh, and the slope of tanh at x, with one division. */
export function slopedStoredAndSlope(code: Lockstep, stored: Value, x: Value): [Sloped, Value] {
  const one = code.constant('ONE');
  const denominator = code.add(one, code.magnitude(stored));
  const { rounded, rest } = doubleDecayParts(code, x);
  const e = code.scaleByPower(code.add(rest, one), rounded);
  const sum = code.add(one, e);
  const square = code.mul(sum, sum);
  const reciprocal = code.div(one, code.mul(denominator, square));
  const slope = code.mul(code.mul(code.constant('FOUR'), e), code.mul(reciprocal, denominator));
  return [slopedFrom(code, stored, code.mul(reciprocal, square)), slope];
}
