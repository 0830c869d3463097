/** What is asked of a backend. */
export interface Demand {
  /** Relative error that single precision may leave. */
  readonly tolerance: number;
  /** Most random cases of a property. */
  readonly cases: number;
  /** Most fixtures that are trained on. */
  readonly trained: number;
  /** Whether the same numbers come out bit for bit, whatever stands past the end of a sequence. */
  readonly exact: boolean;
}

export const WHOLE: Demand = { tolerance: 1e-5, cases: Infinity, trained: Infinity, exact: true };

/**
 * Where there is no GPU, shaders run on the processor, a hundred times slower: a sample of everything must do. A GPU
 * adds up in an order of its own.
 */
export const SAMPLE: Demand = { tolerance: 1e-4, cases: 2, trained: 1, exact: false };
