/** Activations in float64 from the form in which kernels store gates (`kernels/storedGates.ts`). */

/** Value y of a stored sigmoid. */
export function sigmoidValue(stored: number): number {
  return stored > 0 ? 1 - stored : -stored;
}

/** 1 - y for the value y of a stored sigmoid. */
export function sigmoidComplement(stored: number): number {
  return stored > 0 ? stored : 1 + stored;
}

/** Slope y (1 - y) of a stored sigmoid. */
export function sigmoidSlope(stored: number): number {
  const smaller = Math.abs(stored);
  return smaller * (1 - smaller);
}

/** Value y of a stored tanh. */
export function tanhValue(stored: number): number {
  return stored / (1 + Math.abs(stored));
}

/** Slope 1 - y^2 of a stored tanh. */
export function storedTanhSlope(stored: number): number {
  const rest = 1 / (1 + Math.abs(stored));
  return rest * (2 - rest);
}

/** Slope of tanh at x, 1 - tanh(x)^2. */
export function tanhSlope(x: number): number {
  const e = Math.exp(-2 * Math.abs(x));
  return (4 * e) / (1 + e) ** 2;
}
