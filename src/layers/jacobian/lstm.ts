import type { Float64Matrix } from '../../kernels/float64Matrix.ts';
import { sigmoidSlope, sigmoidValue, storedTanhSlope, tanhSlope, tanhValue } from './slopes.ts';
import type { StateJacobians, Trajectory } from './stateJacobian.ts';

/** Indices of the outputs of the LSTM that taps receive. */
const [C, STORED_GATES] = [1, 3];

/**
 * Jacobians of an LSTM with the whole state s = [h; c] (equations in `kernels/contract.ts`). a_i, a_f and a_g are the
 * derivatives of c with respect to the gates before their activation, and a_o is that of h:
 *
 *     dz = dh U      dc' = f dc + a_i dz_i + a_f dz_f + a_g dz_g      dh' = o (1 - tanh(c')^2) dc' + a_o dz_o
 */
export function lstmJacobians(trajectory: Trajectory, kernel: Float64Matrix): StateJacobians {
  const { units, steps } = trajectory;
  const factors = Array.from({ length: steps }, (_, step) => factorsOf(trajectory, step));
  return {
    steps,
    units,
    size: 2 * units,
    forward(step, tangent) {
      const { slopes, forget, output } = factors[step]!;
      const dz = kernel.times(tangent);
      const result = new Float64Array(2 * units);
      for (let j = 0; j < units; j++) {
        let dc = at(forget, j) * at(tangent, units + j);
        for (let gate = 0; gate < 3; gate++) dc += at(slopes, gate * units + j) * at(dz, gate * units + j);
        result[units + j] = dc;
        result[j] = at(output, j) * dc + at(slopes, 3 * units + j) * at(dz, 3 * units + j);
      }
      return result;
    },
    backward(step, cotangent) {
      const { slopes, forget, output } = factors[step]!;
      const dz = new Float64Array(4 * units);
      const result = new Float64Array(2 * units);
      for (let j = 0; j < units; j++) {
        const dh = at(cotangent, j);
        const dc = at(cotangent, units + j) + at(output, j) * dh;
        for (let gate = 0; gate < 3; gate++) dz[gate * units + j] = dc * at(slopes, gate * units + j);
        dz[3 * units + j] = dh * at(slopes, 3 * units + j);
        result[units + j] = dc * at(forget, j);
      }
      result.set(kernel.timesTransposed(dz));
      return result;
    },
  };
}

interface Factors {
  /** a_i, a_f, a_g, a_o, `[4 * units]`. */
  readonly slopes: Float64Array;
  readonly forget: Float64Array;
  /** dh/dc, o (1 - tanh(c)^2). */
  readonly output: Float64Array;
}

function factorsOf(trajectory: Trajectory, step: number): Factors {
  const { units } = trajectory;
  const gates = trajectory.row(STORED_GATES, step);
  const c = trajectory.row(C, step);
  const before = trajectory.rowBefore(C, step);
  const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates.subarray(gate * units, (gate + 1) * units)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const slopes = new Float64Array(4 * units);
  const output = new Float64Array(units);
  for (let j = 0; j < units; j++) {
    slopes[j] = tanhValue(at(g, j)) * sigmoidSlope(at(i, j));
    slopes[units + j] = at(before, j) * sigmoidSlope(at(f, j));
    slopes[2 * units + j] = sigmoidValue(at(i, j)) * storedTanhSlope(at(g, j));
    slopes[3 * units + j] = Math.tanh(at(c, j)) * sigmoidSlope(at(o, j));
    output[j] = sigmoidValue(at(o, j)) * tanhSlope(at(c, j));
  }
  return { slopes, forget: f.map(sigmoidValue), output };
}

function at(values: Float64Array, index: number): number {
  return values[index]!;
}
