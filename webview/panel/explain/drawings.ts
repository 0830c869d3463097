import type { CellName } from '../../../src/config/cells.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';

/** Node of a drawing of a cell: a gate or state, or what is before or after the step. */
export type NodeId = ActivationName | 'x' | 'hBefore' | 'cBefore' | 'outputs' | 'next' | 'cNext' | 'sum';

/** Drawing of a cell at one step: centers of the nodes, and arrows between them. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: Readonly<Partial<Record<NodeId, readonly [x: number, y: number]>>>;
  readonly arrows: readonly (readonly [from: NodeId, to: NodeId])[];
}

/** Drawings of the forward pass, from left to right. */
export const forwardDrawings: Readonly<Record<CellName, Drawing>> = {
  lstm: {
    width: 460,
    height: 236,
    nodes: {
      cBefore: [46, 22],
      hBefore: [46, 120],
      x: [46, 212],
      forget: [176, 74],
      input: [176, 120],
      candidate: [176, 166],
      output: [176, 212],
      cellState: [300, 22],
      hidden: [414, 120],
      outputs: [414, 212],
    },
    arrows: [
      ['cBefore', 'cellState'],
      ...(['forget', 'input', 'candidate', 'output'] as const).flatMap((gate): Drawing['arrows'] => [
        ['hBefore', gate],
        ['x', gate],
      ]),
      ['forget', 'cellState'],
      ['input', 'cellState'],
      ['candidate', 'cellState'],
      ['cellState', 'hidden'],
      ['output', 'hidden'],
      ['hidden', 'outputs'],
    ],
  },
  gru: {
    width: 460,
    height: 190,
    nodes: {
      hBefore: [46, 22],
      x: [46, 166],
      update: [176, 74],
      reset: [176, 120],
      candidate: [300, 166],
      hidden: [414, 74],
      outputs: [414, 166],
    },
    arrows: [
      ['hBefore', 'hidden'],
      ['hBefore', 'update'],
      ['hBefore', 'reset'],
      ['x', 'update'],
      ['x', 'reset'],
      ['x', 'candidate'],
      ['reset', 'candidate'],
      ['update', 'hidden'],
      ['candidate', 'hidden'],
      ['hidden', 'outputs'],
    ],
  },
  rnn: {
    width: 380,
    height: 130,
    nodes: { hBefore: [46, 24], x: [46, 106], hidden: [190, 65], outputs: [334, 65] },
    arrows: [
      ['hBefore', 'hidden'],
      ['x', 'hidden'],
      ['hidden', 'outputs'],
    ],
  },
};

/** Drawings of the backward pass, from right to left: gates before their activation, and states. */
export const backwardDrawings: Readonly<Record<CellName, Drawing>> = {
  lstm: {
    width: 380,
    height: 196,
    nodes: {
      forget: [50, 24],
      input: [50, 72],
      candidate: [50, 120],
      output: [50, 168],
      cellState: [190, 48],
      hidden: [190, 144],
      cNext: [330, 48],
      next: [330, 120],
      outputs: [330, 168],
    },
    arrows: [
      ['cNext', 'cellState'],
      ['hidden', 'cellState'],
      ['next', 'hidden'],
      ['outputs', 'hidden'],
      ['cellState', 'forget'],
      ['cellState', 'input'],
      ['cellState', 'candidate'],
      ['hidden', 'output'],
    ],
  },
  gru: {
    width: 380,
    height: 148,
    nodes: {
      update: [50, 24],
      candidate: [50, 72],
      reset: [50, 120],
      hidden: [190, 48],
      next: [330, 24],
      outputs: [330, 72],
    },
    arrows: [
      ['next', 'hidden'],
      ['outputs', 'hidden'],
      ['hidden', 'update'],
      ['hidden', 'candidate'],
      ['candidate', 'reset'],
    ],
  },
  rnn: {
    width: 380,
    height: 100,
    nodes: { sum: [50, 48], hidden: [190, 48], next: [330, 24], outputs: [330, 72] },
    arrows: [
      ['next', 'hidden'],
      ['outputs', 'hidden'],
      ['hidden', 'sum'],
    ],
  },
};
