import { add, Matrix, row, stackRows, sum, zerosLike } from './matrix.ts';

/** The state of a cell, each matrix [batch, units]: h, and c for the LSTM. */
export type State = readonly [Matrix, ...Matrix[]];

/** The bias is [1, gates units], or [2, gates units] for a GRU that resets after the recurrent product. */
export interface CellWeights {
  readonly kernel: Matrix;
  readonly recurrentKernel: Matrix;
  readonly bias: Matrix;
}

export interface CellGradients {
  readonly weights: CellWeights;
  /** dL/dx_t. */
  readonly inputs: Matrix[];
  /** Total gradient at the state of step t, from its output and from the steps processed after it. */
  readonly states: State[];
  readonly initial: State;
}

/** A run over a sequence, each step [batch, ...]. */
export interface Run {
  readonly states: State[];
  /** Gates after their activation, concatenated. */
  readonly gates: Matrix[];
  /**
   * Backpropagation through time, from the gradient at each state without the contributions of other steps.
   */
  back(direct: readonly State[]): CellGradients;
}

export interface Cell {
  readonly weights: CellWeights;
  /** Width of the concatenated gates; 0 for a cell without gates. */
  readonly gateColumns: number;
  run(inputs: readonly Matrix[], initial: State): Run;
}

export interface RunOptions {
  /** Number of steps of each sequence. */
  readonly lengths: readonly number[];
  /** True to process each sequence from its last step to its first. */
  readonly reverse: boolean;
}

/**
 * Runs a cell over a batch of sequences of different lengths, each one separately and without padding. Steps past the
 * end of a sequence repeat the carried state.
 */
export function runBatch(cell: Cell, inputs: readonly Matrix[], initial: State, { lengths, reverse }: RunOptions): Run {
  const sequences = lengths.map((length, b) => {
    const own = inputs.map((step) => row(step, b));
    return (reverse ? runBackwards : runForwards)(cell, own, rowOf(initial, b), length);
  });
  const steps = inputs.map((_, t) => t);
  return {
    states: steps.map((t) => stackStates(sequences.map(({ states }) => states[t]!))),
    gates: steps.map((t) => stackRows(sequences.map(({ gates }) => gates[t]!))),
    back(direct) {
      const all = sequences.map(({ back }, b) => back(direct.map((state) => rowOf(state, b))));
      return {
        weights: sumOfWeights(all.map(({ weights }) => weights)),
        inputs: steps.map((t) => stackRows(all.map((gradients) => gradients.inputs[t]!))),
        states: steps.map((t) => stackStates(all.map(({ states }) => states[t]!))),
        initial: stackStates(all.map((gradients) => gradients.initial)),
      };
    },
  };
}

/** Steps past the end have the last state, which receives their gradients. */
function runForwards(cell: Cell, inputs: readonly Matrix[], initial: State, length: number): Run {
  const run = cell.run(inputs.slice(0, length), initial);
  const last = run.states.at(-1) ?? initial;
  return {
    states: inputs.map((_, t) => run.states[t] ?? last),
    gates: inputs.map((_, t) => run.gates[t] ?? noGates(cell)),
    back(direct) {
      const [toLast, past] = accumulate(zeroState(last), direct.slice(length).reverse());
      const own = direct.slice(0, length);
      const atLast = own.pop();
      if (!atLast) return emptyGradients(cell, inputs, past.reverse(), toLast);
      const gradients = run.back([...own, addStates(atLast, toLast)]);
      return { ...gradients, ...padded(gradients, inputs), states: [...gradients.states, ...past.reverse()] };
    },
  };
}

/** Steps past the end, which come first in this order, have the initial state, which receives their gradients. */
function runBackwards(cell: Cell, inputs: readonly Matrix[], initial: State, length: number): Run {
  const run = cell.run(inputs.slice(0, length).reverse(), initial);
  const states = [...run.states].reverse();
  const gates = [...run.gates].reverse();
  return {
    states: inputs.map((_, t) => states[t] ?? initial),
    gates: inputs.map((_, t) => gates[t] ?? noGates(cell)),
    back(direct) {
      const own = direct.slice(0, length).reverse();
      if (own.length === 0) {
        const [toInitial, past] = accumulate(zeroState(initial), direct);
        return emptyGradients(cell, inputs, past, toInitial);
      }
      const gradients = run.back(own);
      const [toInitial, past] = accumulate(gradients.initial, direct.slice(length));
      const inOrder = { inputs: [...gradients.inputs].reverse() };
      return {
        weights: gradients.weights,
        ...padded(inOrder, inputs),
        states: [...gradients.states.reverse(), ...past],
        initial: toInitial,
      };
    },
  };
}

/** Running sums of a gradient and further contributions: the last sum, and all sums. */
function accumulate(start: State, joining: readonly State[]): [last: State, all: State[]] {
  let last = start;
  const all = joining.map((state) => (last = addStates(last, state)));
  return [last, all];
}

/** Gradients of an empty sequence. */
function emptyGradients({ weights }: Cell, inputs: readonly Matrix[], states: State[], initial: State): CellGradients {
  const { kernel, recurrentKernel, bias } = weights;
  const zeros = { kernel: zerosLike(kernel), recurrentKernel: zerosLike(recurrentKernel), bias: zerosLike(bias) };
  return { weights: zeros, inputs: inputs.map(zerosLike), states, initial };
}

/** Appends zero gradients for the inputs past the end of a sequence. */
function padded(gradients: Pick<CellGradients, 'inputs'>, inputs: readonly Matrix[]): Pick<CellGradients, 'inputs'> {
  return { inputs: inputs.map((input, t) => gradients.inputs[t] ?? zerosLike(input)) };
}

function noGates(cell: Cell): Matrix {
  return new Matrix(1, cell.gateColumns);
}

export function rowOf(state: State, index: number): State {
  return mapState(state, (part) => row(part, index));
}

/** Stacks the states of several sequences to the state of a batch. */
function stackStates(states: readonly State[]): State {
  return mapState(states[0]!, (_, part) => stackRows(states.map((state) => state[part]!)));
}

function addStates(a: State, b: State): State {
  return mapState(a, (part, index) => add(part, b[index]!));
}

export function zeroState(state: State): State {
  return mapState(state, zerosLike);
}

function mapState(state: State, f: (matrix: Matrix, part: number) => Matrix): State {
  return state.map(f) as [Matrix, ...Matrix[]];
}

function sumOfWeights(weights: readonly CellWeights[]): CellWeights {
  return {
    kernel: sum(weights.map(({ kernel }) => kernel)),
    recurrentKernel: sum(weights.map(({ recurrentKernel }) => recurrentKernel)),
    bias: sum(weights.map(({ bias }) => bias)),
  };
}
