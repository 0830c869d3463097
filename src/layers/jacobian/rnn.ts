import type { RnnActivation } from '../../kernels/contract.ts';
import { type Block, type StateJacobians, timesBlock, timesTransposed, type Trajectory } from './stateJacobian.ts';

/** Index of the output of the simple RNN's forward kernel. */
const H = 0;

/** Derivative of each activation as a function of its value. */
const slopes: Record<RnnActivation, (h: number) => number> = {
  tanh: (h) => 1 - h * h,
  relu: (h) => Number(h > 0),
  linear: () => 1,
};

/** Jacobians of a simple RNN: dh' = slope(h') (dh U). */
export function rnnJacobians(trajectory: Trajectory, kernel: Float64Array, activation: RnnActivation): StateJacobians {
  const { units, steps } = trajectory;
  const block: Block = { kernel, units, width: units, from: 0, columns: units };
  const factors = Array.from({ length: steps }, (_, step) => trajectory.row(H, step).map(slopes[activation]));
  const scaled = (x: Float64Array, step: number) => x.map((value, j) => value * (factors[step]?.[j] ?? NaN));
  return {
    steps,
    units,
    size: units,
    forward: (step, tangent) => scaled(timesBlock(tangent, block), step),
    backward: (step, cotangent) => timesTransposed(scaled(cotangent, step), block),
  };
}
