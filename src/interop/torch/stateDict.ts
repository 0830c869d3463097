import type { CellName } from '../../config/cells.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { phrase, PhrasedError, type Text } from '../../phrases/phrase.ts';
import { blocksInOrder, transposed } from '../arrays.ts';
import type { PortableModel, PortableShape } from '../portable.ts';
import { type RecurrentPart, recurrentWeight, recurrentWeightName } from '../weightNames.ts';

/**
 * The `state_dict` of PyTorch for a model, and back. Its matrices are `[outputs, inputs]`, the transposed ones of ours.
 * The gates of an `nn.LSTM` have the same order; those of an `nn.GRU` are reset, update, candidate, and its reset gate is
 * applied after the recurrent product. Layers that PyTorch lacks (a GRU that applies it before, a simple RNN without a
 * nonlinearity or with feedback of its outputs) have the names and the order of `nn.GRU` and `nn.RNN`, without the second
 * bias.
 */

/** Our block of gates for each block of PyTorch. The order is its own inverse. */
const GATE_ORDER: Readonly<Record<CellName, readonly number[]>> = { lstm: [0, 1, 2, 3], gru: [1, 0, 2], rnn: [0] };

const SUFFIXES: Readonly<Record<Exclude<RecurrentPart, 'bias'>, string>> = {
  kernel: 'weight_ih',
  recurrent_kernel: 'weight_hh',
  projection_kernel: 'weight_hr',
};

/** Whether PyTorch has a layer for the cell, which has two biases. */
export function hasTorchLayer({ cell, resetAfter, activation, recurrence }: PortableShape): boolean {
  if (cell === 'gru') return resetAfter;
  return cell === 'lstm' || (activation !== 'linear' && recurrence === 'hidden');
}

/** Why a model cannot be written for PyTorch; undefined if it can. */
export function torchObstacle({ network, projection }: PortableShape): Text | undefined {
  if (network !== 'encoder-decoder' || projection === 0) return undefined;
  return phrase(
    'Its decoder starts from the states of the encoder before their projection (model.projection), which nn.LSTM does not return.',
  );
}

/** The tensors of a model as PyTorch names and lays them out. */
export function toStateDict({ shape, tensors }: PortableModel): NamedTensor[] {
  const found = tensors.flatMap((tensor) => {
    const place = recurrentWeight(tensor.name);
    if (!place) return [otherToTorch(tensor)];
    const suffix = `l${place.layer}${place.reverse ? '_reverse' : ''}`;
    const module = `${place.stack}${place.cell}`;
    const order = GATE_ORDER[place.cell];
    if (place.part === 'bias') {
      const width = tensor.shape.at(-1) ?? 0;
      const rows = tensor.values.length / width;
      const row = (index: number) => blocksInOrder(tensor.values.subarray(index * width, (index + 1) * width), order);
      const second = rows > 1 ? row(1) : new Float32Array(width);
      return [
        { name: `${module}.bias_ih_${suffix}`, shape: [width], values: row(0) },
        ...(hasTorchLayer(shape) ? [{ name: `${module}.bias_hh_${suffix}`, shape: [width], values: second }] : []),
      ];
    }
    const turned = turn(tensor);
    const values = place.part === 'projection_kernel' ? turned.values : blocksInOrder(turned.values, order);
    return [{ name: `${module}.${SUFFIXES[place.part]}_${suffix}`, shape: turned.shape, values }];
  });
  const embedding = found.find(({ name }) => name === 'embedding.weight');
  if (shape.tied && embedding && !found.some(({ name }) => name === 'dense.weight'))
    return [...found, { ...embedding, name: 'dense.weight' }];
  return found;
}

/**
 * The tensors of a model by our names, of a `state_dict` with the names that `toStateDict` gives.
 * @throws PhrasedError that names a tensor that is missing
 */
export function fromStateDict(shape: PortableShape, tensors: readonly NamedTensor[]): NamedTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const get = (name: string): NamedTensor => {
    const tensor = byName.get(name);
    byName.delete(name);
    if (!tensor) throw new PhrasedError(phrase('The tensor "{0}" is missing.', name));
    return tensor;
  };
  const recurrent = stacksOf(shape).flatMap(({ stack, bidirectional }) =>
    Array.from({ length: shape.layers }, (_, layer) => layer).flatMap((layer) =>
      (bidirectional ? [false, true] : [false]).flatMap((reverse) => {
        const suffix = `l${layer}${reverse ? '_reverse' : ''}`;
        const order = GATE_ORDER[shape.cell];
        const named = (part: RecurrentPart, tensor: Omit<NamedTensor, 'name'>): NamedTensor => ({
          ...tensor,
          name: recurrentWeightName({ stack, cell: shape.cell, layer, reverse, part }, bidirectional),
        });
        const matrix = (part: Exclude<RecurrentPart, 'bias'>, gates: readonly number[]) => {
          const tensor = get(`${stack}${shape.cell}.${SUFFIXES[part]}_${suffix}`);
          return named(part, turn({ ...tensor, values: blocksInOrder(tensor.values, gates) }));
        };
        const bias = (which: string) =>
          blocksInOrder(get(`${stack}${shape.cell}.bias_${which}_${suffix}`).values, order);
        return [
          matrix('kernel', order),
          matrix('recurrent_kernel', order),
          ...(shape.bias ? [named('bias', joinedBias(shape, bias))] : []),
          ...(shape.projection > 0 ? [matrix('projection_kernel', [0])] : []),
        ];
      }),
    ),
  );
  if (shape.tied) byName.delete('dense.weight');
  return [...recurrent, ...[...byName.values()].map(otherFromTorch)];
}

/** The stacks of recurrent layers of a model, by the prefixes of their names. */
function stacksOf(shape: PortableShape): { readonly stack: string; readonly bidirectional: boolean }[] {
  const { bidirectional } = shape;
  return shape.network === 'encoder-decoder'
    ? [
        { stack: 'encoder_', bidirectional },
        { stack: 'decoder_', bidirectional: false },
      ]
    : [{ stack: '', bidirectional }];
}

function joinedBias(
  shape: PortableShape,
  bias: (which: 'ih' | 'hh') => Float32Array,
): Pick<NamedTensor, 'shape' | 'values'> {
  const first = bias('ih');
  if (!hasTorchLayer(shape)) return { shape: [first.length], values: first };
  const second = bias('hh');
  if (shape.cell !== 'gru') return { shape: [first.length], values: first.map((value, at) => value + second[at]!) };
  const values = new Float32Array(2 * first.length);
  values.set(first);
  values.set(second, first.length);
  return { shape: [2, first.length], values };
}

/** Matrices of dense layers are transposed; vectors, embeddings and queries are not. */
function otherToTorch(tensor: NamedTensor): NamedTensor {
  const [module = '', part = ''] = tensor.name.split('/');
  if (part === 'kernel') return { ...turn(tensor), name: `${module}.weight` };
  if (part === 'embeddings') return { ...tensor, name: `${module}.weight` };
  return { ...tensor, name: part === 'query' ? `${module}_query` : `${module}.${part}` };
}

const EMBEDDING = /^(?:(?:encoder_|decoder_)?embedding|label_\d+_[hc])$/;

function otherFromTorch(tensor: NamedTensor): NamedTensor {
  const [module = '', part] = tensor.name.split('.');
  if (part === undefined) return { ...tensor, name: module.replace(/_query$/, '/query') };
  if (part === 'bias') return { ...tensor, name: `${module}/bias` };
  return EMBEDDING.test(module)
    ? { ...tensor, name: `${module}/embeddings` }
    : { ...turn(tensor), name: `${module}/kernel` };
}

function turn(tensor: NamedTensor): NamedTensor {
  const [rows = 1, columns = 1] = tensor.shape;
  return { name: tensor.name, shape: [columns, rows], values: transposed(tensor.values, rows, columns) };
}
