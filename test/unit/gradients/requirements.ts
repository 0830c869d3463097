/** Requirements that the tests place on a backend. */
export interface Requirements {
  /** Maximum relative error in single precision. */
  readonly tolerance: number;
  /** Maximum number of random cases per property. */
  readonly cases: number;
  /** Maximum number of fixtures to train. */
  readonly trained: number;
  /** True if results do not depend on padding bit for bit. */
  readonly exact: boolean;
}

export const FULL: Requirements = { tolerance: 1e-5, cases: Infinity, trained: Infinity, exact: true };

/**
 * Requirements for shaders. Without a GPU they run on the CPU, a hundred times slower, so a sample must do. A GPU
 * sums in a different order.
 */
export const SAMPLE: Requirements = { tolerance: 1e-4, cases: 2, trained: 1, exact: false };
