/** The loss or a gradient is no longer finite. The weights are still those from before the step. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  /** `the loss`, or the gradient of a named parameter. */
  readonly tensor: string;
  readonly value: number;

  constructor(tensor: string, value: number) {
    super(`${tensor} is ${Number.isNaN(value) ? 'not a number (NaN)' : 'infinite'}`);
    this.tensor = tensor;
    this.value = value;
  }
}

/** @throws DivergenceError when the value is NaN or infinite */
export function assertFinite(tensor: string, value: number): void {
  if (!Number.isFinite(value)) throw new DivergenceError(tensor, value);
}
