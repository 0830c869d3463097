import {
  EXP_HIGHEST,
  EXP_LOWEST,
  EXP_POLYNOMIAL,
  LN2_HIGH,
  LN2_LOW,
  LOG2_E,
  ONE,
  ROUNDING,
  TANH_DENOMINATOR,
  TANH_HIGHEST,
  TANH_LOWEST,
  TANH_NUMERATOR,
} from './constants';
import { add, atLeast, atMost, div, everyLane, madd, mul, nmadd, scaleByPower, sub } from './lanes';

/** e^x for -87 <= x <= 88; outside, the value at the bound. Relative error below 2e-7. */
@inline
export function exp<V>(input: V): V {
  const x = atLeast<V>(atMost<V>(input, everyLane<V>(EXP_HIGHEST)), everyLane<V>(EXP_LOWEST));
  const rounded = madd<V>(x, everyLane<V>(LOG2_E), everyLane<V>(ROUNDING));
  const n = sub<V>(rounded, everyLane<V>(ROUNDING));
  const r = nmadd<V>(n, everyLane<V>(LN2_LOW), nmadd<V>(n, everyLane<V>(LN2_HIGH), x));
  let p = everyLane<V>(EXP_POLYNOMIAL);
  p = madd<V>(p, r, everyLane<V>(EXP_POLYNOMIAL + 4));
  p = madd<V>(p, r, everyLane<V>(EXP_POLYNOMIAL + 8));
  p = madd<V>(p, r, everyLane<V>(EXP_POLYNOMIAL + 12));
  p = madd<V>(p, r, everyLane<V>(EXP_POLYNOMIAL + 16));
  p = madd<V>(p, r, everyLane<V>(EXP_POLYNOMIAL + 20));
  p = add<V>(madd<V>(p, mul<V>(r, r), r), everyLane<V>(ONE));
  return scaleByPower<V>(p, rounded);
}

/** 1 / (1 + e^-x). Relative error below 1e-6, also far below zero, where the gate is almost shut. */
@inline
export function sigmoid<V>(x: V): V {
  const one = everyLane<V>(ONE);
  return div<V>(one, add<V>(one, exp<V>(sub<V>(sub<V>(one, one), x))));
}

/** Relative error below 1e-6. */
@inline
export function tanh<V>(input: V): V {
  const x = atLeast<V>(atMost<V>(input, everyLane<V>(TANH_HIGHEST)), everyLane<V>(TANH_LOWEST));
  const square = mul<V>(x, x);
  let p = everyLane<V>(TANH_NUMERATOR);
  p = madd<V>(p, square, everyLane<V>(TANH_NUMERATOR + 4));
  p = madd<V>(p, square, everyLane<V>(TANH_NUMERATOR + 8));
  p = madd<V>(p, square, everyLane<V>(TANH_NUMERATOR + 12));
  p = madd<V>(p, square, everyLane<V>(TANH_NUMERATOR + 16));
  p = madd<V>(p, square, everyLane<V>(TANH_NUMERATOR + 20));
  p = madd<V>(p, square, everyLane<V>(TANH_NUMERATOR + 24));
  let q = everyLane<V>(TANH_DENOMINATOR);
  q = madd<V>(q, square, everyLane<V>(TANH_DENOMINATOR + 4));
  q = madd<V>(q, square, everyLane<V>(TANH_DENOMINATOR + 8));
  q = madd<V>(q, square, everyLane<V>(TANH_DENOMINATOR + 12));
  return div<V>(mul<V>(x, p), q);
}

/** Natural logarithm of a positive number, by the series of artanh; the error is that of float64. */
export function logarithm(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let exponent = <i32>((bits >> 52) & 2047) - 1023;
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum: f64 = 0;
  for (let n = 23; n >= 1; n -= 2) sum = sum * square + 1 / <f64>n;
  return 2 * s * sum + <f64>exponent * 0.6931471805599453;
}
