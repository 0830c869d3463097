/** Slope of tanh at x, 1 - tanh(x)^2, without the difference, which float64 loses beyond 15. */
export function tanhSlope(x: number): number {
  return 1 / Math.cosh(x) ** 2;
}

/** Slope of the sigmoid at x. */
export function sigmoidSlope(x: number): number {
  return tanhSlope(x / 2) / 4;
}
