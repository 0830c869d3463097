import type { RnnActivation } from '../../kernels/contract.ts';
import type { Float64Matrix } from '../../kernels/float64Matrix.ts';
import type { StateJacobians, Trajectory } from './stateJacobian.ts';

/** Indices of the outputs of the simple RNN that taps receive. */
const [H, SLOPES] = [0, 1];

/** Slopes of each activation at a step, `[units]`. */
const slopesOf: Record<RnnActivation, (trajectory: Trajectory, step: number) => Float64Array> = {
  tanh: (trajectory, step) => trajectory.row(SLOPES, step),
  relu: (trajectory, step) => trajectory.row(H, step).map((h) => Number(h > 0)),
  linear: ({ units }) => new Float64Array(units).fill(1),
};

/** Jacobians of a simple RNN: dh' = slope(h') (dh U). */
export function rnnJacobians(trajectory: Trajectory, kernel: Float64Matrix, activation: RnnActivation): StateJacobians {
  const { units, steps } = trajectory;
  const factors = Array.from({ length: steps }, (_, step) => slopesOf[activation](trajectory, step));
  const scaled = (x: Float64Array, step: number) => x.map((value, j) => value * (factors[step]?.[j] ?? NaN));
  return {
    steps,
    units,
    size: units,
    forward: (step, tangent) => scaled(kernel.times(tangent), step),
    backward: (step, cotangent) => kernel.timesTransposed(scaled(cotangent, step)),
  };
}
