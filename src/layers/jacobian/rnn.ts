import type { RnnActivation } from '../../kernels/contract.ts';
import { type Block, type StateJacobians, timesBlock, timesTransposed, type Trajectory } from './stateJacobian.ts';

/** Indices of the outputs of the simple RNN that taps receive. */
const [H, SLOPES] = [0, 1];

/** Slopes of each activation at a step, `[units]`. */
const slopesOf: Record<RnnActivation, (trajectory: Trajectory, step: number) => Float64Array> = {
  tanh: (trajectory, step) => trajectory.row(SLOPES, step),
  relu: (trajectory, step) => trajectory.row(H, step).map((h) => Number(h > 0)),
  linear: ({ units }) => new Float64Array(units).fill(1),
};

/** Jacobians of a simple RNN: dh' = slope(h') (dh U). */
export function rnnJacobians(trajectory: Trajectory, kernel: Float64Array, activation: RnnActivation): StateJacobians {
  const { units, steps } = trajectory;
  const block: Block = { kernel, units, width: units, from: 0, columns: units };
  const factors = Array.from({ length: steps }, (_, step) => slopesOf[activation](trajectory, step));
  const scaled = (x: Float64Array, step: number) => x.map((value, j) => value * (factors[step]?.[j] ?? NaN));
  return {
    steps,
    units,
    size: units,
    forward: (step, tangent) => scaled(timesBlock(tangent, block), step),
    backward: (step, cotangent) => timesTransposed(scaled(cotangent, step), block),
  };
}
