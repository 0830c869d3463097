import type { Float64Matrix } from '../../kernels/float64Matrix.ts';
import { sigmoidComplement, sigmoidSlope, sigmoidValue, storedTanhSlope, tanhValue } from './slopes.ts';
import type { StateJacobians, Trajectory } from './stateJacobian.ts';

/** Indices of the outputs of the GRU that taps receive. */
const [H, RECURRENT_CANDIDATE, STORED_GATES] = [0, 2, 3];

/**
 * Jacobians of a GRU (equations in `kernels/contract.ts`), with the slopes of the activations in a_z, a_r, a_g:
 *
 *     dz = a_z (dh U_z)     dr = a_r (dh U_r)     dh' = z dh + (h - g) dz + (1 - z) dg
 *     dg = a_g (dr q + r (dh U_g))                (resetAfter, q = h U_g + b_h)
 *     dg = a_g ((dr h + r dh) U_g)                (otherwise)
 */
export function gruJacobians(trajectory: Trajectory, kernel: Float64Matrix, resetAfter: boolean): StateJacobians {
  const { units, steps } = trajectory;
  const factors = Array.from({ length: steps }, (_, step) => factorsOf(trajectory, step, resetAfter));
  return {
    steps,
    units,
    size: units,
    forward(step, tangent) {
      const { update, reset, updateSlope, resetSlope, candidateSlope } = factors[step]!;
      const dGates = kernel.times(tangent, 0, 2 * units);
      const through = (x: Float64Array) => kernel.times(x, 2 * units, units);
      const viaReset = build(units, (j) => at(resetSlope, j) * at(dGates, units + j));
      const dCandidate = resetAfter
        ? add(viaReset, multiply(reset, through(tangent)))
        : through(add(viaReset, multiply(reset, tangent)));
      return build(
        units,
        (j) =>
          at(update, j) * at(tangent, j) +
          at(updateSlope, j) * at(dGates, j) +
          at(candidateSlope, j) * at(dCandidate, j),
      );
    },
    backward(step, cotangent) {
      const { update, reset, updateSlope, resetSlope, candidateSlope } = factors[step]!;
      const back = (x: Float64Array) => kernel.timesTransposed(x, 2 * units, units);
      const dCandidate = multiply(candidateSlope, cotangent);
      const dRecurrent = resetAfter ? dCandidate : back(dCandidate);
      const throughReset = multiply(dRecurrent, reset);
      const throughCandidate = resetAfter ? back(throughReset) : throughReset;
      const dGates = new Float64Array(2 * units);
      dGates.set(multiply(updateSlope, cotangent));
      dGates.set(multiply(resetSlope, dRecurrent), units);
      const throughGates = kernel.timesTransposed(dGates, 0, 2 * units);
      return build(units, (j) => at(update, j) * at(cotangent, j) + at(throughGates, j) + at(throughCandidate, j));
    },
  };
}

interface Factors {
  readonly update: Float64Array;
  readonly reset: Float64Array;
  /** (h - g) times the slope of z; q or h times the slope of r; (1 - z) times the slope of g. */
  readonly updateSlope: Float64Array;
  readonly resetSlope: Float64Array;
  readonly candidateSlope: Float64Array;
}

function factorsOf(trajectory: Trajectory, step: number, resetAfter: boolean): Factors {
  const { units } = trajectory;
  const values = trajectory.row(STORED_GATES, step);
  const [z, r, g] = [0, 1, 2].map((gate) => values.subarray(gate * units, (gate + 1) * units)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const before = trajectory.rowBefore(H, step);
  const read = resetAfter ? trajectory.row(RECURRENT_CANDIDATE, step) : before;
  return {
    update: z.map(sigmoidValue),
    reset: r.map(sigmoidValue),
    updateSlope: build(units, (j) => (at(before, j) - tanhValue(at(g, j))) * sigmoidSlope(at(z, j))),
    resetSlope: build(units, (j) => at(read, j) * sigmoidSlope(at(r, j))),
    candidateSlope: build(units, (j) => sigmoidComplement(at(z, j)) * storedTanhSlope(at(g, j))),
  };
}

function build(length: number, entry: (index: number) => number): Float64Array {
  const result = new Float64Array(length);
  for (let index = 0; index < length; index++) result[index] = entry(index);
  return result;
}

function add(a: Float64Array, b: Float64Array): Float64Array {
  return build(a.length, (j) => at(a, j) + at(b, j));
}

function multiply(a: Float64Array, b: Float64Array): Float64Array {
  return build(a.length, (j) => at(a, j) * at(b, j));
}

function at(values: Float64Array, index: number): number {
  return values[index]!;
}
