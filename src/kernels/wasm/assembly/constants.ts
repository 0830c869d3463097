import { CONSTANTS } from './layout';

/** Addresses of constants that loops broadcast to all lanes; `fillConstants` writes them. */
export const ONE: usize = CONSTANTS;
export const ZERO: usize = CONSTANTS + 4;
export const EXP_LOWEST: usize = CONSTANTS + 8;
export const EXP_HIGHEST: usize = CONSTANTS + 12;
export const LOG2_E: usize = CONSTANTS + 16;
export const ROUNDING: usize = CONSTANTS + 20;
export const LN2_HIGH: usize = CONSTANTS + 24;
export const LN2_LOW: usize = CONSTANTS + 28;
/** Four coefficients. */
export const EXP_POLYNOMIAL: usize = CONSTANTS + 32;
export const LN2: usize = CONSTANTS + 52;
export const MINUS_ZERO: usize = CONSTANTS + 56;
export const FOUR: usize = CONSTANTS + 60;
export const TANH_HIGHEST: usize = CONSTANTS + 64;
export const TANH_LOWEST: usize = CONSTANTS + 68;
/** Seven coefficients. */
export const TANH_NUMERATOR: usize = CONSTANTS + 72;
/** Four coefficients. */
export const TANH_DENOMINATOR: usize = CONSTANTS + 104;

/** Addresses of the numbers among the arguments of a step of Adam. */
export {
  GRADIENT_SCALE,
  BETA1,
  ONE_MINUS_BETA1,
  BETA2,
  ONE_MINUS_BETA2,
  M_CORRECTION,
  V_CORRECTION,
  EPSILON,
  LEARNING_RATE,
} from './layout';

let next: usize = 0;

function put(value: f32): void {
  store<f32>(next, value);
  next += 4;
}

export function fillConstants(): void {
  next = ONE;
  put(1);
  put(0);
  // exp(x) is a normal float32 between these.
  put(-87);
  put(88);
  put(1.44269504);
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
  put(12582912);
  put(0.693359375);
  put(-2.12194440e-4);
  // (e^r - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2], fitted so that the largest relative error of e^r is 1.1e-7.
  put(8.3125108e-3);
  put(4.1890498e-2);
  put(1.6667116e-1);
  put(4.9999229e-1);
  next = LN2;
  put(0.69314718);
  put(-0.0);
  put(4);
  // tanh as a quotient of polynomials (Eigen, generic_fast_tanh_float); at the bounds it is 1 in float32.
  next = TANH_HIGHEST;
  put(9);
  put(-9);
  put(-2.76076847742355e-16);
  put(2.00018790482477e-13);
  put(-8.60467152213735e-11);
  put(5.12229709037114e-08);
  put(1.48572235717979e-05);
  put(6.37261928875436e-04);
  put(4.89352455891786e-03);
  next = TANH_DENOMINATOR;
  put(1.19825839466702e-06);
  put(1.18534705686654e-04);
  put(2.26843463243900e-03);
  put(4.89352518554385e-03);
}
