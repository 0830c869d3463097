import * as l10n from '@vscode/l10n';

/**
 * Recurrent cells as plain data, for the configuration, the protocol, the command line, the views and the tests, which
 * do not load TensorFlow.js. The layer of each cell is registered in `layers/cells.ts`.
 *
 * There are two tables because `config` imports no layers: its schema lists the cells, and a page or the command line's
 * `--help` must not load the layers. The compiler requires an entry in both.
 */

/** Names of the cells in display order. Comparisons match the size of the other cells to the first. */
export const CELL_NAMES = ['lstm', 'gru', 'rnn'] as const;

export type CellName = (typeof CELL_NAMES)[number];

/** Gates and states that cells compute at each step. */
export const ACTIVATION_NAMES = [
  'input',
  'forget',
  'candidate',
  'output',
  'update',
  'reset',
  'cellState',
  'hidden',
] as const;

type ActivationName = (typeof ACTIVATION_NAMES)[number];

const SIGMOIDS: ReadonlySet<ActivationName> = new Set(['input', 'forget', 'output', 'update', 'reset']);

/** True for sigmoids, from 0 to 1. All others are a tanh, from -1 to 1, except the unbounded cell state. */
export function isSigmoid(name: ActivationName): boolean {
  return SIGMOIDS.has(name);
}

/** Equations of the cells: cells with a field that changes their equations have several forms. */
export const CELL_FORMS = ['lstm', 'gru', 'gru-reset-after', 'rnn-tanh', 'rnn-relu', 'rnn-linear'] as const;

export type CellForm = (typeof CELL_FORMS)[number];

/** Place of an activation: an output of the cell's forward kernel, and a block of `units` columns in it. */
export interface ActivationPlace {
  readonly name: ActivationName;
  readonly output: number;
  readonly block: number;
}

/** Fields of the configuration that only some cells read. */
export type CellField = 'projection' | 'activation' | 'recurrence' | 'resetAfter' | 'forgetBias';

export interface CellDescription {
  readonly name: CellName;
  /** Name in prose, such as "LSTM". */
  readonly title: string;
  /** Short description, for the setting. */
  readonly about: string;
  /** Name of the layers on disk, before their number; that of the stock layer if there is one. */
  readonly layerName: string;
  /** Blocks of `units` columns in the kernel, the recurrent kernel and the bias. */
  readonly gates: number;
  /** Parts of the state, which are also the first outputs of the forward kernel. */
  readonly states: readonly ['h', ...'c'[]];
  /** Activations that the forward kernel returns, gates before states. */
  readonly activations: readonly ActivationPlace[];
  /** Fields of the configuration that affect this cell but not all cells. */
  readonly fields: readonly CellField[];
  /** Gate whose value is the fraction of a unit's state that a step keeps. */
  readonly memoryGate?: ActivationName;
  /** Equivalent layer of PyTorch. */
  readonly torch?: 'LSTM' | 'GRU' | 'RNN';
}

export const cells: Readonly<Record<CellName, CellDescription>> = {
  lstm: {
    name: 'lstm',
    title: 'LSTM',
    about: 'LSTM',
    layerName: 'lstm',
    gates: 4,
    states: ['h', 'c'],
    activations: [
      { name: 'input', output: 2, block: 0 },
      { name: 'forget', output: 2, block: 1 },
      { name: 'candidate', output: 2, block: 2 },
      { name: 'output', output: 2, block: 3 },
      { name: 'cellState', output: 1, block: 0 },
      { name: 'hidden', output: 0, block: 0 },
    ],
    fields: ['projection', 'forgetBias'],
    memoryGate: 'forget',
    torch: 'LSTM',
  },
  gru: {
    name: 'gru',
    title: 'GRU',
    // eslint-disable-next-line lab/translated -- part of the description of a field, which is translated as a whole
    about: 'GRU (gated recurrent unit)',
    layerName: 'gru',
    gates: 3,
    states: ['h'],
    activations: [
      { name: 'update', output: 1, block: 0 },
      { name: 'reset', output: 1, block: 1 },
      { name: 'candidate', output: 1, block: 2 },
      { name: 'hidden', output: 0, block: 0 },
    ],
    fields: ['resetAfter'],
    memoryGate: 'update',
    torch: 'GRU',
  },
  rnn: {
    name: 'rnn',
    title: 'RNN',
    // eslint-disable-next-line lab/translated -- part of the description of a field, which is translated as a whole
    about: 'simple RNN',
    layerName: 'simple_rnn',
    gates: 1,
    states: ['h'],
    activations: [{ name: 'hidden', output: 0, block: 0 }],
    fields: ['activation', 'recurrence'],
    torch: 'RNN',
  },
};

/** Whether a field of the configuration has an effect on a cell. */
export function hasField(cell: CellName, field: CellField): boolean {
  return cells[cell].fields.includes(field);
}

/** Rows of a cell's bias: two if the reset gate is applied after the recurrent product, which has a separate bias. */
export function biasRows(cell: CellName, { resetAfter }: { readonly resetAfter: boolean }): number {
  return hasField(cell, 'resetAfter') && resetAfter ? 2 : 1;
}

/** Width to which a layer projects its hidden states; 0 without a projection. */
export function projectionOf({ cell, projection }: { readonly cell: CellName; readonly projection: number }): number {
  return hasField(cell, 'projection') ? projection : 0;
}

/** Names in prose, such as "LSTM, GRU, and RNN". */
export function listTitles(names: readonly CellName[]): string {
  const titles = names.map((name) => cells[name].title);
  const last = titles.pop() ?? '';
  if (titles.length === 0) return last;
  const before = titles.join(', ');
  return titles.length === 1 ? l10n.t('{0} and {1}', before, last) : l10n.t('{0}, and {1}', before, last);
}

/** Alternatives in English prose: "a", "a or b", "a, b, or c". */
export function alternatives(items: readonly string[]): string {
  if (items.length < 3) return items.join(' or ');
  return `${items.slice(0, -1).join(', ')}, or ${items.at(-1)}`;
}
