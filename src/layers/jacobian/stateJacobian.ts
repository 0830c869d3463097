/** States and gates of one sequence in the order in which the layer processes its steps, in float64. */
export interface Trajectory {
  readonly units: number;
  /** Number of steps, without masked ones. */
  readonly steps: number;
  /** Row `step` of an output of the forward kernel, as long as the output is wide. */
  row(output: number, step: number): Float64Array;
  /** The row before `step`; before the first step, that of the initial state. For states. */
  rowBefore(output: number, step: number): Float64Array;
}

/**
 * Jacobians ds_t/ds_{t-1} of the steps of one sequence. They are applied to vectors in float64 and never stored as
 * matrices. Steps are numbered from 0 in the order in which the layer processes them.
 */
export interface StateJacobians {
  readonly steps: number;
  readonly units: number;
  /** Entries of the state: `units`, or `2 * units` for the LSTM, [h; c]. */
  readonly size: number;
  /** ds_t = J_t ds_{t-1}, a new vector. */
  forward(step: number, tangent: Float64Array): Float64Array;
  /** dL/ds_{t-1} = J_t^T dL/ds_t, a new vector. */
  backward(step: number, cotangent: Float64Array): Float64Array;
}
