import type { CellName } from '../../src/config/cells.ts';
import { biasRowsOf, type CellKind, columnsOf, hasCellState, makeCell, type SequenceCase } from './cells.ts';
import { build, type Matrix, zerosLike } from './matrix.ts';
import type { Random } from './random.ts';

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

/** Kinds of units of each cell, with the range of each gate. */
const units: Readonly<Record<CellName, readonly (readonly Range[])[]>> = {
  lstm: [
    // The cell state grows to 8 to 20 times the candidate.
    [OPEN, { low: 2, high: 2.9 }, SATURATED, SATURATED],
    // The cell state is kept.
    [CLOSED, OPEN, SATURATED, OPEN],
    // The cell state is new in each step.
    [SATURATED, CLOSED, SATURATED, SATURATED],
    [FREE, FREE, FREE, FREE],
  ],
  gru: [
    [OPEN, SATURATED, SATURATED],
    [CLOSED, SATURATED, SATURATED],
    [{ low: 1, high: 3 }, FREE, SATURATED],
    [FREE, FREE, FREE],
  ],
  rnn: [[SATURATED], [{ low: 1, high: 4, signed: true }], [FREE], [FREE]],
};

/** Sizes of a saturated case. */
export interface SaturatedShape {
  readonly timeSteps: number;
  readonly units: number;
}

/**
 * One sequence of a cell most of whose units are saturated: gates of 8 to 20 before their activation, and cell states of
 * 8 to 20. The loss depends on the last hidden state only.
 * @param random generator of numbers that are exact in single precision
 */
export function saturatedSequence(
  random: Random,
  kind: CellKind,
  { timeSteps, units: count }: SaturatedShape,
): SequenceCase {
  const kinds = units[kind.cell];
  const width = columnsOf(kind, count);
  const draw = ({ low, high, signed = false }: Range): number => {
    const size = low + random.next() * (high - low);
    return Math.fround(signed && random.integer(2) === 0 ? -size : size);
  };
  const weights = {
    kernel: random.matrix(2, width, 0.5),
    recurrentKernel: random.matrix(count, width, 1 / Math.sqrt(count)),
    // A second row belongs to the recurrent product.
    bias: build(biasRowsOf(kind), width, (row, column) =>
      row === 0 ? draw(kinds[(column % count) % kinds.length]![Math.floor(column / count)]!) : 0,
    ),
  };
  const hidden = random.matrix(1, count, 0.9);
  const cell = (): Matrix[] => (hasCellState(kind) ? [build(1, count, () => draw(SATURATED))] : []);
  const steps = Array.from({ length: timeSteps }, (_, t) => t);
  const last = random.matrix(1, count, 1);
  return {
    kind,
    cell: makeCell(kind, weights),
    inputs: steps.map(() => random.matrix(1, 2, 1)),
    initial: [hidden, ...cell()],
    direct: steps.map((t) => [t === timeSteps - 1 ? last : zerosLike(last), ...cell().map(zerosLike)]),
    lengths: [timeSteps],
    reverse: false,
  };
}
