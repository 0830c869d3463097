import { biasRows, type CellName, cells } from '../../src/config/cells.ts';
import { gruCell } from './gru.ts';
import { lstmCell } from './lstm.ts';
import { oneHot, zerosLike } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import type { Random } from './random.ts';
import type { Cell, CellWeights, State, RunOptions } from './recurrent.ts';
import { type Activation, rnnCell } from './rnn.ts';

/** A cell with the fields of the configuration that it reads. */
export interface CellKind {
  readonly cell: CellName;
  readonly resetAfter?: boolean;
  readonly activation?: Activation;
}

/** Every cell by the name under which tests report it. */
export const cellKinds: Readonly<Record<string, CellKind>> = {
  LSTM: { cell: 'lstm' },
  'GRU, reset before': { cell: 'gru', resetAfter: false },
  'GRU, reset after': { cell: 'gru', resetAfter: true },
  'RNN, tanh': { cell: 'rnn', activation: 'tanh' },
  'RNN, relu': { cell: 'rnn', activation: 'relu' },
  'RNN, linear': { cell: 'rnn', activation: 'linear' },
};

const makers: Readonly<Record<CellName, (weights: CellWeights, kind: CellKind) => Cell>> = {
  lstm: lstmCell,
  gru: (weights, { resetAfter = false }) => gruCell(weights, resetAfter),
  rnn: (weights, { activation = 'tanh' }) => rnnCell(weights, activation),
};

export function makeCell(kind: CellKind, weights: CellWeights): Cell {
  return makers[kind.cell](weights, kind);
}

/** Width of the matrices of a cell: blocks of `units` columns for each gate. */
export function columnsOf({ cell }: CellKind, units: number): number {
  return cells[cell].gates * units;
}

export function biasRowsOf({ cell, resetAfter = false }: CellKind): number {
  return biasRows(cell, { resetAfter });
}

export function hasCellState({ cell }: CellKind): boolean {
  return cells[cell].states.includes('c');
}

/** Name of a layer on disk. */
export function layerName({ cell }: Pick<CellKind, 'cell'>, index: number): string {
  return `${cells[cell].layerName}_${index + 1}`;
}

/** Cell with inputs, initial state and incoming gradients. */
export interface SequenceCase extends RunOptions {
  readonly kind: CellKind;
  readonly cell: Cell;
  readonly inputs: readonly Matrix[];
  /** Token ids [timeSteps][batch], if the inputs are one-hot vectors. */
  readonly ids?: readonly (readonly number[])[] | undefined;
  readonly initial: State;
  /** Direct dL/dh_t of the loss at every step, and dL/dc after the last step processed. */
  readonly direct: readonly State[];
}

export interface SequenceShape {
  readonly timeSteps: number;
  readonly batchSize: number;
  readonly inputs: number;
  readonly units: number;
  readonly reverse: boolean;
  /** True for random lengths from 0 to all steps; false for full length. */
  readonly masked: boolean;
  readonly oneHot: boolean;
}

/** @param random generator of numbers that are exact in single precision */
export function randomSequence(random: Random, kind: CellKind, shape: SequenceShape): SequenceCase {
  const { timeSteps, batchSize, inputs: inputWidth, units, reverse } = shape;
  const width = columnsOf(kind, units);
  const weights = {
    kernel: random.matrix(inputWidth, width, 0.8),
    // Bounded by width, so that differences in rounding do not grow from step to step.
    recurrentKernel: random.matrix(units, width, Math.min(0.8, 2 / Math.sqrt(units))),
    bias: random.matrix(biasRowsOf(kind), width, 0.8),
  };
  const steps = Array.from({ length: timeSteps }, (_, t) => t);
  const sequences = Array.from({ length: batchSize }, (_, b) => b);
  const ids = shape.oneHot ? steps.map(() => sequences.map(() => random.integer(inputWidth))) : undefined;
  const hidden = (): Matrix => random.matrix(batchSize, units, 0.9);
  const cell = (): Matrix[] => (hasCellState(kind) ? [random.matrix(batchSize, units, 1.5)] : []);
  const last = reverse ? 0 : timeSteps - 1;
  return {
    kind,
    cell: makeCell(kind, weights),
    inputs: ids?.map((step) => oneHot(step, inputWidth)) ?? steps.map(() => random.matrix(batchSize, inputWidth, 1)),
    ids,
    initial: [hidden(), ...cell()],
    direct: steps.map((t) => [hidden(), ...cell().map((part) => (t === last ? part : zerosLike(part)))]),
    lengths: sequences.map(() => (shape.masked ? random.integer(timeSteps + 1) : timeSteps)),
    reverse,
  };
}
