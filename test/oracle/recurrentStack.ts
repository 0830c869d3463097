import { add, build, columns, concatColumns, sum, zip } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { runBatch, zeroState } from './recurrent.ts';
import type { Cell, CellWeights, Run, State } from './recurrent.ts';

/** One direction of one layer. */
interface Direction {
  /** Name of the layer in the product. */
  readonly name: string;
  readonly cell: Cell;
  readonly reverse: boolean;
}

/** Layers with one direction, or two with concatenated outputs. */
export type Stack = readonly (readonly Direction[])[];

/** By the name of the direction. */
type ByName<T> = ReadonlyMap<string, T>;

interface StackGradients {
  readonly weights: ByName<CellWeights>;
  readonly inputs: Matrix[];
  readonly initial: ByName<State>;
  /** Gradient at the state of each step. */
  readonly states: ByName<State[]>;
}

export interface StackRun {
  /** Outputs of the last layer, zero past the end of a sequence. */
  readonly outputs: Matrix[];
  readonly final: ByName<State>;
  /** @param byOutput dL/doutput  @param byFinal dL/d(final state), by direction */
  back(byOutput: readonly Matrix[], byFinal: ByName<State>): StackGradients;
}

/** Runs stacked recurrent layers, each in one direction or both, over sequences of different lengths. */
export function runStack(
  stack: Stack,
  inputs: readonly Matrix[],
  initial: ByName<State>,
  lengths: readonly number[],
): StackRun {
  const last = ({ reverse }: Direction): number => (reverse ? 0 : inputs.length - 1);
  let x = [...inputs];
  const layers = stack.map((directions) => {
    const runs = directions.map((direction) =>
      runBatch(direction.cell, x, of(initial, direction), { ...direction, lengths }),
    );
    x = x.map((_, t) => concatColumns(...runs.map(({ states }) => running(stateAt(states, t)[0], t, lengths))));
    return { directions, runs };
  });
  const everyDirection = layers.flatMap(({ directions, runs }) =>
    zip(directions, runs, (direction, run) => ({ direction, run })),
  );

  return {
    outputs: x,
    final: new Map(everyDirection.map(({ direction, run }) => [direction.name, stateAt(run.states, last(direction))])),
    back(byOutput, byFinal) {
      const weights = new Map<string, CellWeights>();
      const initialGradients = new Map<string, State>();
      const states = new Map<string, State[]>();
      let fromAbove = [...byOutput];
      for (const { directions, runs } of [...layers].reverse()) {
        const perDirection = zip(directions, runs, (direction, run) => {
          const from = directions.indexOf(direction) * unitsOf(direction);
          const ofOutputs = fromAbove.map((step, t) => running(columns(step, from, unitsOf(direction)), t, lengths));
          const gradients = run.back(direct(run, ofOutputs, last(direction), of(byFinal, direction)));
          weights.set(direction.name, gradients.weights);
          initialGradients.set(direction.name, gradients.initial);
          states.set(direction.name, gradients.states);
          return gradients;
        });
        fromAbove = fromAbove.map((_, t) => sum(perDirection.map((gradients) => gradients.inputs[t]!)));
      }
      return { weights, inputs: fromAbove, initial: initialGradients, states };
    },
  };
}

/** Direct gradient at each state: h from the outputs, and all parts of the last state from the final state. */
function direct({ states }: Run, ofOutputs: readonly Matrix[], last: number, byFinal: State): State[] {
  return zip(states, ofOutputs, (state, output) => {
    const [, ...others] = zeroState(state);
    return [output, ...others] as const;
  }).map((state, t): State => (t === last ? [add(state[0], byFinal[0]), ...byFinal.slice(1)] : [...state]));
}

/** Sets the rows of sequences that end before step t to zero. */
function running(matrix: Matrix, t: number, lengths: readonly number[]): Matrix {
  return build(matrix.rows, matrix.columns, (b, column) => (t < Number(lengths[b]) ? matrix.at(b, column) : 0));
}

function unitsOf({ cell }: Direction): number {
  return cell.weights.recurrentKernel.rows;
}

function stateAt(states: readonly State[], t: number): State {
  const state = states[t];
  if (!state) throw new RangeError(`There is no step ${t}.`);
  return state;
}

function of<T>(byName: ByName<T>, { name }: Direction): T {
  const value = byName.get(name);
  if (value === undefined) throw new RangeError(`There is no value for ${name}.`);
  return value;
}
