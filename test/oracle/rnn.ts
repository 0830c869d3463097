import { add, addToRows, elementwise, Matrix, multiply, sumRows, transpose, zerosLike, zip } from './matrix.ts';
import { tanhSlope } from './slopes.ts';
import type { Cell, CellGradients, CellWeights, State } from './recurrent.ts';

export type Activation = 'tanh' | 'relu' | 'linear';

/** Activations, each with its derivative. */
const activations: Record<Activation, { apply(z: number): number; slope(z: number): number }> = {
  tanh: { apply: Math.tanh, slope: tanhSlope },
  relu: { apply: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0) },
  linear: { apply: (z) => z, slope: () => 1 },
};

interface RnnStep {
  readonly input: Matrix;
  readonly previous: Matrix;
  readonly hidden: Matrix;
  readonly slope: Matrix;
}

/** A simple recurrent network (Elman 1990): h_t = activation(x_t K + h_(t-1) R + b). */
export function rnnCell(weights: CellWeights, activation: Activation): Cell {
  const { apply, slope } = activations[activation];

  function back(steps: readonly RnnStep[], direct: readonly State[]): CellGradients {
    let kernel = zerosLike(weights.kernel);
    let recurrentKernel = zerosLike(weights.recurrentKernel);
    let bias = zerosLike(weights.bias);
    const inputs: Matrix[] = [];
    const states: State[] = [];
    let fromLater: Matrix | undefined;
    for (const [step, [here]] of zip(steps, direct, (...pair) => pair).reverse()) {
      const hidden = fromLater ? add(here, fromLater) : here;
      states.unshift([hidden]);
      const z = elementwise((dh, factor) => dh * factor, hidden, step.slope);
      kernel = add(kernel, multiply(transpose(step.input), z));
      recurrentKernel = add(recurrentKernel, multiply(transpose(step.previous), z));
      bias = add(bias, sumRows(z));
      inputs.unshift(multiply(z, transpose(weights.kernel)));
      fromLater = multiply(z, transpose(weights.recurrentKernel));
    }
    if (!fromLater) throw new RangeError('A window needs at least one time step.');
    return { weights: { kernel, recurrentKernel, bias }, inputs, states, initial: [fromLater] };
  }

  return {
    weights,
    gateColumns: 0,
    run(inputs, [initial]) {
      let previous = initial;
      const steps = inputs.map((input): RnnStep => {
        const product = add(multiply(input, weights.kernel), multiply(previous, weights.recurrentKernel));
        const z = addToRows(product, weights.bias);
        const step = { input, previous, hidden: elementwise(apply, z), slope: elementwise(slope, z) };
        previous = step.hidden;
        return step;
      });
      return {
        states: steps.map(({ hidden }): State => [hidden]),
        gates: steps.map(({ hidden }) => new Matrix(hidden.rows, 0)),
        back: (direct) => back(steps, direct),
      };
    },
  };
}
