import { type CellName, cells } from '../../config/cells.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { PortableShape } from '../portable.ts';
import { type Constant, uniform } from './constants.ts';
import type { NodeCall } from './nodeCall.ts';
import {
  type Atom,
  type Axes,
  type Content,
  isWhole,
  type Layer,
  sameAtoms,
  sizeOf,
  type TensorValue,
  Unclear,
  type Value,
} from './values.ts';

/** The nodes LSTM, GRU and RNN. */

const CELLS: Readonly<Record<string, CellName>> = { LSTM: 'lstm', GRU: 'gru', RNN: 'rnn' };
/** Activations of the operators that have one set of them, in lower case. */
const ACTIVATIONS: Readonly<Record<string, string>> = { LSTM: 'sigmoid,tanh,tanh', GRU: 'sigmoid,tanh' };

/** The hidden states of all steps, those after the last, and the other states. */
export function recurrentNode(call: NodeCall): Value[] {
  const { node } = call;
  const cell = CELLS[node.operator]!;
  const isBatchFirst = call.int('layout', 0) === 1;
  const direction = call.text('direction', 'forward');
  if (!['forward', 'reverse', 'bidirectional'].includes(direction)) throw new Unclear();
  const count = direction === 'bidirectional' ? 2 : 1;
  const activation = activationOf(call, count);
  refuseVariants(call);
  const weights = weightsOf(call, cell, count);
  const units = { size: weights.R.dims[2]! };
  const x = call.tensor(0);
  const { time, batch, features } = axesOf(x, isBatchFirst);
  const width = sizeOf(features);
  const inputs = weights.W.dims[2]!;
  if (!isInput(x.content, features) || (width !== undefined && width !== inputs))
    throw new Unclear(phrase('the node "{0}" ({1}) reads numbers that are not known', node.name, node.operator));
  checkStates(call, time);
  const layer: Layer = {
    node: node.name,
    cell,
    units,
    directions: count === 2 ? { size: 2 } : undefined,
    isReverse: direction === 'reverse',
    time,
    input: x.content,
    activation,
    resetAfter: cell === 'gru' && call.int('linear_before_reset', 0) === 1,
    weights,
  };
  const along = layer.directions ? [layer.directions] : [];
  const [sequence, last]: [Axes, Axes] = isBatchFirst
    ? [
        [batch, [time], along, [units]],
        [batch, along, [units]],
      ]
    : [
        [[time], along, batch, [units]],
        [along, batch, [units]],
      ];
  return [
    { type: 'tensor', content: { kind: 'hidden', layer }, axes: sequence },
    { type: 'tensor', content: { kind: 'last', layer }, axes: last },
    {
      type: 'unknown',
      reason: phrase('the outputs depend on the cell state of the node "{0}" ({1})', node.name, node.operator),
    },
  ];
}

function isInput(content: Content, features: readonly Atom[]): boolean {
  if (content.kind === 'input') return features.length <= 1;
  if (content.kind === 'hidden' && content.direction !== undefined) return false;
  return ['one-hot', 'embedded', 'hidden'].includes(content.kind) && isWhole(content, features);
}

function axesOf(
  { axes, content }: TensorValue,
  isBatchFirst: boolean,
): { readonly time: Atom; readonly batch: readonly Atom[]; readonly features: readonly Atom[] } {
  const [first, second, features] = axes;
  if (!first || !second || !features || axes.length !== 3) throw new Unclear();
  const [steps, batch] = isBatchFirst ? [second, first] : [first, second];
  if (steps.length > 1 || batch.length > 1) throw new Unclear();
  const time = steps[0] ?? { size: 1 };
  // A layer reads the steps of the layer before it in their order.
  if (content.kind === 'hidden' && !sameAtoms([time], [content.layer.time])) throw new Unclear();
  return { time, batch, features };
}

/** @returns the activation of a simple RNN; tanh for other cells */
function activationOf(call: NodeCall, directions: number): PortableShape['activation'] {
  const { node } = call;
  const names = call.texts('activations').map((name) => name.toLowerCase());
  const alpha = node.attributes.get('activation_alpha')?.floats ?? [];
  const beta = node.attributes.get('activation_beta')?.floats ?? [];
  const refuse = () =>
    new Unclear(phrase('the node "{0}" ({1}) has the activations {2}', node.name, node.operator, names.join(', ')));
  const expected = ACTIVATIONS[node.operator];
  if (expected !== undefined) {
    const all = Array.from({ length: directions }, () => expected).join(',');
    if (names.length > 0 && names.join(',') !== all) throw refuse();
    return 'tanh';
  }
  const [name = 'tanh', ...others] = names;
  if (others.some((other) => other !== name) || (names.length > 0 && names.length !== directions)) throw refuse();
  if (name === 'tanh' || name === 'relu') return name;
  const isIdentity = name === 'affine' && alpha.length > 0 && alpha.every((a) => a === 1) && beta.every((b) => b === 0);
  if (isIdentity) return 'linear';
  throw refuse();
}

/** @throws Unclear for what our cells do not compute */
function refuseVariants(call: NodeCall): void {
  const { node } = call;
  const { name, operator, attributes } = node;
  if (attributes.has('clip')) throw new Unclear(phrase('the node "{0}" ({1}) clips its sums (clip)', name, operator));
  if (call.int('input_forget', 0) !== 0)
    throw new Unclear(phrase('the node "{0}" ({1}) couples its gates (input_forget)', name, operator));
  const peepholes = call.optional(7);
  if (peepholes && !isZero(peepholes))
    throw new Unclear(
      phrase('the node "{0}" ({1}) has weights from the cell state to the gates (peepholes)', name, operator),
    );
}

function weightsOf(call: NodeCall, cell: CellName, count: number): Layer['weights'] {
  const [W, R] = [call.constant(1), call.constant(2)];
  const bias = call.optional(3);
  const given = bias && (bias.type === 'filled' && bias.value === 0 ? undefined : call.constant(3));
  const units = R.dims[2] ?? 0;
  const rows = cells[cell].gates * units;
  const fits =
    units > 0 &&
    R.dims.join() === [count, rows, units].join() &&
    W.dims.length === 3 &&
    W.dims[0] === count &&
    W.dims[1] === rows &&
    W.dims[2]! > 0 &&
    (!given || given.dims.join() === [count, 2 * rows].join()) &&
    [0, units].includes(call.int('hidden_size', 0));
  // Zeros are no bias.
  if (fits) return { W, R, B: given && uniform(given) !== 0 ? given : undefined };
  const { name, operator } = call.node;
  const shown = ({ dims }: Constant) => `[${dims.join(', ')}]`;
  throw new Unclear(
    phrase('the weights of the node "{0}" ({1}) do not fit each other: {2}, {3}', name, operator, shown(W), shown(R)),
  );
}

/** The states before the first step are zeros or inputs, and the lengths those of whole sequences or inputs. */
function checkStates(call: NodeCall, time: Atom): void {
  const { node } = call;
  for (const place of [5, 6]) {
    const state = call.optional(place);
    if (place === 6 && node.operator !== 'LSTM') break;
    if (!state || isZero(state) || isGiven(state)) continue;
    throw new Unclear(phrase('the node "{0}" ({1}) starts from states that are not zero', node.name, node.operator));
  }
  const lengths = call.optional(4);
  if (!lengths || isGiven(lengths)) return;
  const isTime =
    lengths.type === 'sizes' &&
    lengths.entries.every(
      (entry) => typeof entry !== 'number' && entry.plus === 0 && entry.times === 1 && sameAtoms(entry.factors, [time]),
    );
  const isKnownTime = lengths.type === 'constant' && time.size !== undefined && uniform(lengths.constant) === time.size;
  if (!isTime && !isKnownTime)
    throw new Unclear(
      phrase('the node "{0}" ({1}) reads lengths that are not known (sequence_lens)', node.name, node.operator),
    );
}

function isGiven(value: Value): boolean {
  return value.type === 'part' || (value.type === 'tensor' && value.content.kind === 'input');
}

function isZero(value: Value): boolean {
  if (value.type === 'filled') return value.value === 0;
  return value.type === 'constant' && uniform(value.constant) === 0;
}
