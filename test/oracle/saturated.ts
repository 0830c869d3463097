import type { CellName } from '../../src/config/cells.ts';
import { biasRowsOf, type CellKind, columnsOf, hasCellState, makeCell, type SequenceCase } from './cells.ts';
import { build, type Matrix, zerosLike } from './matrix.ts';
import { Random } from './random.ts';

/** Range of a gate before its activation, of either sign if `signed`. */
interface Range {
  readonly low: number;
  readonly high: number;
  readonly signed?: boolean;
}

const FREE: Range = { low: 0, high: 1, signed: true };
const OPEN: Range = { low: 8, high: 20 };
const CLOSED: Range = { low: -20, high: -8 };
const SATURATED: Range = { low: 8, high: 20, signed: true };

/** Kinds of units in a layer, each with the range of every gate. */
type Layout = readonly (readonly Range[])[];

const layouts: Readonly<Record<CellName, readonly Layout[]>> = {
  lstm: [
    [
      // The cell state grows to 8 to 20 times the candidate.
      [OPEN, { low: 2, high: 2.9 }, SATURATED, SATURATED],
      // The cell state is kept.
      [CLOSED, OPEN, SATURATED, OPEN],
      // The cell state is new in each step.
      [SATURATED, CLOSED, SATURATED, SATURATED],
      [FREE, FREE, FREE, FREE],
    ],
  ],
  gru: [
    [
      [OPEN, SATURATED, SATURATED],
      [CLOSED, SATURATED, SATURATED],
      [{ low: 1, high: 3 }, FREE, SATURATED],
      [FREE, FREE, FREE],
    ],
    // Only the slopes of the candidate pass on the gradient.
    [[{ low: -20, high: -18 }, SATURATED, { low: 7, high: 8, signed: true }]],
  ],
  rnn: [[[SATURATED], [{ low: 1, high: 4, signed: true }], [FREE], [FREE]], [[{ low: 6, high: 9, signed: true }]]],
};

const TIME_STEPS = 500;
const UNITS = 8;

/**
 * One sequence of 500 steps of a cell most of whose units are saturated: gates of up to 20 before their activation, and
 * cell states of 8 to 20. The loss depends on the last hidden state only.
 */
export function saturatedSequence(seed: number, kind: CellKind): SequenceCase {
  const random = new Random(seed);
  const ofCell = layouts[kind.cell];
  const kinds = ofCell[seed % ofCell.length]!;
  const width = columnsOf(kind, UNITS);
  const draw = ({ low, high, signed = false }: Range): number => {
    const size = low + random.next() * (high - low);
    return Math.fround(signed && random.integer(2) === 0 ? -size : size);
  };
  const weights = {
    kernel: random.matrix(2, width, 0.5),
    recurrentKernel: random.matrix(UNITS, width, 1 / Math.sqrt(UNITS)),
    // A second row belongs to the recurrent product.
    bias: build(biasRowsOf(kind), width, (row, column) =>
      row === 0 ? draw(kinds[(column % UNITS) % kinds.length]![Math.floor(column / UNITS)]!) : 0,
    ),
  };
  const hidden = random.matrix(1, UNITS, 0.9);
  const cell = (): Matrix[] => (hasCellState(kind) ? [build(1, UNITS, () => draw(SATURATED))] : []);
  const steps = Array.from({ length: TIME_STEPS }, (_, t) => t);
  const last = random.matrix(1, UNITS, 1);
  return {
    kind,
    cell: makeCell(kind, weights),
    inputs: steps.map(() => random.matrix(1, 2, 1)),
    initial: [hidden, ...cell()],
    direct: steps.map((t) => [t === TIME_STEPS - 1 ? last : zerosLike(last), ...cell().map(zerosLike)]),
    lengths: [TIME_STEPS],
    reverse: false,
  };
}
