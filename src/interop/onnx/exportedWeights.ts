import type { NamedTensor } from '../../models/weights.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { blocksInOrder, transposed } from '../arrays.ts';
import type { PortableShape } from '../portable.ts';
import { recurrentWeight, type RecurrentPart, recurrentWeightName } from '../weightNames.ts';
import { RECURRENT_NODE, oursInOnnxOrder } from './gateOrder.ts';

/**
 * The weights of a model by our names, of the tensors that its exported graphs have.
 * @throws UnusableError that names a tensor that is missing
 */
export function fromOnnx(shape: PortableShape, tensors: ReadonlyMap<string, NamedTensor>, file: string): NamedTensor[] {
  const get = (name: string): NamedTensor => {
    const tensor = tensors.get(name);
    if (tensor) return tensor;
    throw new UnusableError(
      phrase('"{0}" does not fit config.json next to it. The tensor "{1}" is missing.', file, name),
    );
  };
  const found: NamedTensor[] = [];
  for (const tensor of tensors.values()) {
    const [, stack = '', , number, part] = RECURRENT_NODE.exec(tensor.name) ?? [];
    if (number === undefined) {
      if (recurrentWeight(tensor.name) || isOwnName(tensor.name)) found.push(tensor);
    } else if (part === 'W')
      found.push(...layerWeights(shape, { stack, layer: Number(number) - 1, prefix: tensor.name.slice(0, -1) }, get));
  }
  return found;
}

/** Names with a layer and a part, such as `dense/kernel`; tensors of the graph itself have others. */
function isOwnName(name: string): boolean {
  return /^[a-z_0-9]+\/(?:kernel|bias|embeddings|query)$/.test(name);
}

interface LayerPlace {
  readonly stack: string;
  readonly layer: number;
  /** Beginning of the names of its tensors, such as `lstm_1/`. */
  readonly prefix: string;
}

function layerWeights(
  shape: PortableShape,
  { stack, layer, prefix }: LayerPlace,
  get: (name: string) => NamedTensor,
): NamedTensor[] {
  const { cell, projection } = shape;
  const [W, R, B] = [get(`${prefix}W`), get(`${prefix}R`), get(`${prefix}B`)];
  const [directions = 0, rows = 0] = W.shape;
  const order = oursInOnnxOrder(cell);
  return Array.from({ length: directions }, (_, direction) => direction).flatMap((direction) => {
    const named = (part: RecurrentPart, sizes: readonly number[], values: Float32Array): NamedTensor => ({
      name: recurrentWeightName({ stack, cell, layer, reverse: direction === 1, part }, directions === 2),
      shape: sizes,
      values,
    });
    /** The matrix of the direction. */
    const own = ({ shape: [, height = 0, width = 0], values }: NamedTensor) =>
      values.slice(direction * height * width, (direction + 1) * height * width);
    const matrix = (part: 'kernel' | 'recurrent_kernel', tensor: NamedTensor) => {
      const columns = tensor.shape[2] ?? 0;
      return named(part, [columns, rows], transposed(blocksInOrder(own(tensor), order), rows, columns));
    };
    const half = (place: number) => {
      const start = direction * (B.shape[1] ?? 0) + place * rows;
      return blocksInOrder(B.values.slice(start, start + rows), order);
    };
    // Other cells have a second bias of zeros, or none.
    const hasTwo = cell === 'gru' && shape.resetAfter;
    const bias = hasTwo
      ? named('bias', [2, rows], Float32Array.from([...half(0), ...half(1)]))
      : named('bias', [rows], half(0));
    const P = projection > 0 ? [get(`${prefix}P`)] : [];
    return [
      matrix('kernel', W),
      matrix('recurrent_kernel', R),
      ...(shape.bias ? [bias] : []),
      ...P.map((tensor) => named('projection_kernel', tensor.shape.slice(1), own(tensor))),
    ];
  });
}
