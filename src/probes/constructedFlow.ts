import { Float64Matrix } from '../kernels/float64Matrix.ts';
import { glorotUniform, normal, orthogonalRows } from '../layers/initializers.ts';
import { judgeFlow } from '../judgment/flow.ts';
import type { SequenceCurve } from '../judgment/lagCurves.ts';
import { norm } from '../judgment/numbers.ts';
import {
  CONSTRUCTED_UNITS as UNITS,
  type ConstructionRequest,
  type ConstructionResult,
} from '../protocol/lessons/construction.ts';
import { Generator } from '../random/generator.ts';
import { singularValues } from './singularValues.ts';

/** Sequences that the gradient is followed through, and tokens that they consist of. */
const SEQUENCES = 16;
const TOKENS = 14;

type Activation = ConstructionRequest['activation'];

const activations: Readonly<Record<Activation, (z: number) => number>> = {
  linear: (z) => z,
  tanh: Math.tanh,
  relu: (z) => Math.max(0, z),
};

/** Slope of each activation, from its value. */
const slopes: Readonly<Record<Activation, (h: number) => number>> = {
  linear: () => 1,
  tanh: (h) => 1 - h * h,
  relu: (h) => (h > 0 ? 1 : 0),
};

const matrices: Readonly<Record<ConstructionRequest['matrix'], (generator: Generator) => Float32Array>> = {
  orthogonal: (generator) => orthogonalRows(UNITS, UNITS, generator),
  gaussian: (generator) => normal(UNITS * UNITS, 1 / Math.sqrt(UNITS), generator),
};

/**
 * Follows the gradient of a loss at the last step back through an untrained simple RNN in float64:
 * h_t = activation(h_{t-1} W + x_t), where x_t is a random row of a kernel by Glorot and Bengio, as for tokens. The
 * gradient at the last state has a random direction.
 */
export function constructFlow(request: ConstructionRequest): ConstructionResult {
  const { gain, matrix, seed } = request;
  const drawn = matrices[matrix](Generator.forPurpose(seed, `recurrent ${matrix}`));
  const recurrent = new Float64Matrix(
    UNITS,
    UNITS,
    Float64Array.from(drawn, (value) => gain * value),
  );
  const inputs = Generator.forPurpose(seed, 'inputs');
  const kernel = glorotUniform(TOKENS, UNITS, inputs);
  const curves = Array.from({ length: SEQUENCES }, () => gradientNorms(request, recurrent, kernel, inputs));
  return {
    flow: judgeFlow({ layer: 'simple_rnn_1', direction: 'forward', h: curves, c: null }, false),
    singularValues: singularValues(recurrent.values, UNITS),
  };
}

/** Norms of the gradient at the states of one sequence, by lag; the last one is at the state before the first step. */
function gradientNorms(
  { activation, lag }: ConstructionRequest,
  recurrent: Float64Matrix,
  kernel: Float32Array,
  generator: Generator,
): SequenceCurve {
  const [apply, slope] = [activations[activation], slopes[activation]];
  const states: Float64Array[] = [];
  let state: Float64Array = new Float64Array(UNITS);
  for (let step = 0; step < lag; step++) {
    const row = generator.nextBelow(TOKENS) * UNITS;
    state = recurrent.times(state).map((value, unit) => apply(value + kernel[row + unit]!));
    states.push(state);
  }
  let gradient = Float64Array.from({ length: UNITS }, () => generator.nextNormal());
  const norms = [norm(gradient)];
  for (const h of states.toReversed()) {
    gradient = Float64Array.from(recurrent.timesTransposed(gradient.map((value, unit) => value * slope(h[unit]!))));
    norms.push(norm(gradient));
  }
  return Float64Array.from(norms);
}
