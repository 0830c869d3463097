import type { Handle } from './binding.ts';
import type { NativeOps } from './nativeOps.ts';

/** `kernels/storedGates.ts` as TensorFlow ops. */

/** Largest magnitude of an argument of an exponential, so that nothing stored overflows or is zero: e^80 is 6e34. */
const MAX_EXPONENT = 80;

/** Stored form of the sigmoid of x. */
export function storedSigmoid(x: Handle, ops: NativeOps): Handle {
  const e = decay(x, 1, ops);
  const smaller = ops.divide(e, ops.add(e, ops.scalar(1)));
  return ops.select(ops.isPositive(x), smaller, ops.negative(smaller));
}

/** Value y of a stored sigmoid. */
export function sigmoidValue(stored: Handle, ops: NativeOps): Handle {
  const negative = ops.negative(stored);
  return ops.select(ops.isPositive(stored), ops.add(negative, ops.scalar(1)), negative);
}

/** 1 - y for the value y of a stored sigmoid. */
export function sigmoidComplement(stored: Handle, ops: NativeOps): Handle {
  return ops.select(ops.isPositive(stored), stored, ops.add(stored, ops.scalar(1)));
}

/** Slope y (1 - y) of a stored sigmoid. */
export function sigmoidSlope(stored: Handle, ops: NativeOps): Handle {
  const smaller = ops.magnitude(stored);
  return ops.multiply(smaller, ops.subtract(ops.scalar(1), smaller));
}

/** Stored form of tanh x, (e^(2 |x|) - 1) / 2 with the sign of x. */
export function storedTanh(x: Handle, ops: NativeOps): Handle {
  const exponent = ops.minimum(ops.multiply(ops.magnitude(x), ops.scalar(2)), ops.scalar(MAX_EXPONENT));
  return ops.multiply(ops.multiply(ops.expm1(exponent), ops.scalar(0.5)), ops.sign(x));
}

/** Value y of a stored tanh. */
export function tanhValue(stored: Handle, ops: NativeOps): Handle {
  return ops.divide(stored, ops.add(ops.magnitude(stored), ops.scalar(1)));
}

/** Slope 1 - y^2 of a stored tanh: with w = 1 - |y|, w (2 - w). */
export function storedTanhSlope(stored: Handle, ops: NativeOps): Handle {
  const rest = ops.divide(ops.scalar(1), ops.add(ops.magnitude(stored), ops.scalar(1)));
  return ops.multiply(rest, ops.subtract(ops.scalar(2), rest));
}

/** Slope of tanh at x, 1 - tanh(x)^2 = 4 e / (1 + e)^2 with e = e^(-2 |x|). */
export function tanhSlope(x: Handle, ops: NativeOps): Handle {
  const e = decay(x, 2, ops);
  const sum = ops.add(e, ops.scalar(1));
  return ops.divide(ops.multiply(e, ops.scalar(4)), ops.multiply(sum, sum));
}

/** e^(-rate |x|) */
function decay(x: Handle, rate: number, ops: NativeOps): Handle {
  const exponent = ops.multiply(ops.magnitude(x), ops.scalar(-rate));
  return ops.exp(ops.maximum(exponent, ops.scalar(-MAX_EXPONENT)));
}
