import { Gru } from '../layers/gru.ts';
import { Lstm } from '../layers/lstm.ts';
import type { Recurrent } from '../layers/recurrent.ts';
import { SimpleRnn } from '../layers/simpleRnn.ts';
import type { ActivationName, LayerProbe } from '../protocol/probes.ts';

/** Where a kernel's outputs have an activation: which output, and the block of `units` columns in it. */
export interface ActivationPlace {
  readonly name: ActivationName;
  readonly output: number;
  readonly block: number;
}

/** What the kernels of each cell give (`kernels/contract.ts`), gates before states. */
const places: Record<LayerProbe['cell'], readonly ActivationPlace[]> = {
  lstm: [
    { name: 'input', output: 2, block: 0 },
    { name: 'forget', output: 2, block: 1 },
    { name: 'candidate', output: 2, block: 2 },
    { name: 'output', output: 2, block: 3 },
    { name: 'cellState', output: 1, block: 0 },
    { name: 'hidden', output: 0, block: 0 },
  ],
  gru: [
    { name: 'update', output: 1, block: 0 },
    { name: 'reset', output: 1, block: 1 },
    { name: 'candidate', output: 1, block: 2 },
    { name: 'hidden', output: 0, block: 0 },
  ],
  rnn: [{ name: 'hidden', output: 0, block: 0 }],
};

export function activationsOf(cell: Recurrent): readonly ActivationPlace[] {
  return places[cellName(cell)];
}

/** The activations that can saturate: the gates, or the state of a simple RNN with tanh. */
export function gatesOf(cell: Recurrent): readonly ActivationPlace[] {
  if (cell instanceof SimpleRnn) return cell.activation === 'tanh' ? places.rnn : [];
  return activationsOf(cell).filter(({ name }) => name !== 'hidden' && name !== 'cellState');
}

/** The range of an activation: 0 to 1 where it is a sigmoid, -1 to 1 where it is a tanh; unknown for a cell state. */
export function isSigmoid(name: ActivationName): boolean {
  return name === 'input' || name === 'forget' || name === 'output' || name === 'update' || name === 'reset';
}

export function cellName(cell: Recurrent): LayerProbe['cell'] {
  if (cell instanceof Lstm) return 'lstm';
  return cell instanceof Gru ? 'gru' : 'rnn';
}

/** Blocks of `units` columns in the recurrent kernel. */
export function gateCount(cell: Recurrent): number {
  return { lstm: 4, gru: 3, rnn: 1 }[cellName(cell)];
}
