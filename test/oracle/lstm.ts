import {
  add,
  addToRows,
  columns,
  elementwise,
  multiply,
  concatColumns,
  sum,
  sumRows,
  transpose,
  zerosLike,
  zip,
} from './matrix.ts';
import type { Matrix } from './matrix.ts';
import type { Cell, CellWeights, State } from './recurrent.ts';
import { sigmoidSlope, tanhSlope } from './slopes.ts';

/** Hidden state h and cell state c of one layer, each [batch, units]. */
interface LstmState {
  readonly hidden: Matrix;
  readonly cell: Matrix;
}

/** Time step with the values that its gradient needs; every matrix except the input is [batch, units]. */
interface LstmStep {
  readonly input: Matrix;
  readonly previous: LstmState;
  readonly gates: { readonly i: Matrix; readonly f: Matrix; readonly c: Matrix; readonly o: Matrix };
  /** Slopes of the gates, in the same order. */
  readonly slopes: { readonly i: Matrix; readonly f: Matrix; readonly c: Matrix; readonly o: Matrix };
  readonly state: LstmState;
}

interface LstmGradients {
  readonly weights: CellWeights;
  /** dL/dx_t. */
  readonly inputs: Matrix[];
  /** Total dL/dh_t and dL/dc_t, from the output at step t and from later steps. */
  readonly states: LstmState[];
  /** dL/dh_0 and dL/dc_0. */
  readonly initial: LstmState;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * An LSTM with a forget gate (Gers et al. 2000), without peepholes:
 *   [i f c o] = [sigmoid sigmoid tanh sigmoid](x_t K + h_(t-1) R + b)
 *   c_t = f c_(t-1) + i c        h_t = o tanh(c_t)
 *
 * @param inputs [timeSteps] matrices [batch, inputs].
 */
function lstmForward(weights: CellWeights, inputs: readonly Matrix[], initial: LstmState): LstmStep[] {
  const units = weights.recurrentKernel.rows;
  let previous = initial;
  return inputs.map((input) => {
    const product = add(multiply(input, weights.kernel), multiply(previous.hidden, weights.recurrentKernel));
    const z = addToRows(product, weights.bias);
    const gates = {
      i: elementwise(sigmoid, columns(z, 0, units)),
      f: elementwise(sigmoid, columns(z, units, units)),
      c: elementwise(Math.tanh, columns(z, 2 * units, units)),
      o: elementwise(sigmoid, columns(z, 3 * units, units)),
    };
    const slopes = {
      i: elementwise(sigmoidSlope, columns(z, 0, units)),
      f: elementwise(sigmoidSlope, columns(z, units, units)),
      c: elementwise(tanhSlope, columns(z, 2 * units, units)),
      o: elementwise(sigmoidSlope, columns(z, 3 * units, units)),
    };
    const cell = elementwise((f, before, i, c) => f * before + i * c, gates.f, previous.cell, gates.i, gates.c);
    const hidden = elementwise((o, c) => o * Math.tanh(c), gates.o, cell);
    const step = { input, previous, gates, slopes, state: { hidden, cell } };
    previous = step.state;
    return step;
  });
}

/**
 * Backpropagation through the time steps of one window (Werbos 1990).
 *
 * @param direct for each step, dL/dh_t and dL/dc_t without the contributions of later steps
 */
function lstmBackward(weights: CellWeights, steps: readonly LstmStep[], direct: readonly LstmState[]): LstmGradients {
  let kernel = zerosLike(weights.kernel);
  let recurrentKernel = zerosLike(weights.recurrentKernel);
  let bias = zerosLike(weights.bias);
  const inputs: Matrix[] = [];
  const states: LstmState[] = [];
  let fromLater: LstmState | undefined;

  for (const [step, here] of zip(steps, direct, (...pair) => pair).reverse()) {
    const { input, previous, gates, slopes, state } = step;
    const hidden = fromLater ? add(here.hidden, fromLater.hidden) : here.hidden;
    const throughHidden = elementwise((dh, o, c) => dh * o * tanhSlope(c), hidden, gates.o, state.cell);
    const cell = sum([throughHidden, here.cell, ...(fromLater ? [fromLater.cell] : [])]);
    states.unshift({ hidden, cell });

    const z = concatColumns(
      elementwise((dc, c, slope) => dc * c * slope, cell, gates.c, slopes.i),
      elementwise((dc, before, slope) => dc * before * slope, cell, previous.cell, slopes.f),
      elementwise((dc, i, slope) => dc * i * slope, cell, gates.i, slopes.c),
      elementwise((dh, c, slope) => dh * Math.tanh(c) * slope, hidden, state.cell, slopes.o),
    );
    kernel = add(kernel, multiply(transpose(input), z));
    recurrentKernel = add(recurrentKernel, multiply(transpose(previous.hidden), z));
    bias = add(bias, sumRows(z));
    inputs.unshift(multiply(z, transpose(weights.kernel)));
    fromLater = {
      hidden: multiply(z, transpose(weights.recurrentKernel)),
      cell: elementwise((dc, f) => dc * f, cell, gates.f),
    };
  }
  if (!fromLater) throw new RangeError('A window needs at least one time step.');
  return { weights: { kernel, recurrentKernel, bias }, inputs, states, initial: fromLater };
}

/** LSTM with the common interface of all cells; its state is h and c. */
export function lstmCell(weights: CellWeights): Cell {
  const stateOf = ([hidden, cell]: State): LstmState => {
    if (!cell) throw new RangeError('The state of an LSTM has a cell state.');
    return { hidden, cell };
  };
  const partsOf = ({ hidden, cell }: LstmState): State => [hidden, cell];
  return {
    weights,
    gateColumns: weights.kernel.columns,
    run(inputs, initial) {
      const steps = lstmForward(weights, inputs, stateOf(initial));
      return {
        states: steps.map((step) => partsOf(step.state)),
        gates: steps.map(({ gates }) => concatColumns(gates.i, gates.f, gates.c, gates.o)),
        back(direct) {
          const gradients = lstmBackward(weights, steps, direct.map(stateOf));
          return { ...gradients, states: gradients.states.map(partsOf), initial: partsOf(gradients.initial) };
        },
      };
    },
  };
}
