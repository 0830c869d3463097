import type { NamedTensor } from '../models/weights.ts';
import { recurrentWeight } from './weightNames.ts';
import type { PortableShape } from './portable.ts';

/** Distance of the logit of a token that a model does not have below its smallest bias: its probability is negligible. */
const FAR_BELOW = 30;

/**
 * The weights of a model for a vocabulary in another order.
 * @param order old id of each new id; -1 for a token that the model does not have, which it reads as zeros
 * @param outputs whether the outputs are the same tokens, of a language model
 */
export function reordered(
  shape: PortableShape,
  tensors: readonly NamedTensor[],
  order: readonly number[],
  outputs: boolean,
): NamedTensor[] {
  return tensors.map((tensor) => {
    const place = recurrentWeight(tensor.name);
    const readsTokens =
      tensor.name === 'embedding/embeddings' ||
      (shape.embedding === 0 && place?.layer === 0 && place.part === 'kernel');
    if (readsTokens) return rowsInOrder(tensor, order);
    if (!outputs) return tensor;
    return outputsInOrder(tensor, order);
  });
}

/** The kernel or the bias of an output layer in another order; other tensors as they are. */
function outputsInOrder(tensor: NamedTensor, order: readonly number[]): NamedTensor {
  if (tensor.name === 'dense/kernel') return columnsInOrder(tensor, order);
  if (tensor.name !== 'dense/bias') return tensor;
  const missing = tensor.values.reduce((least, value) => Math.min(least, value), 0) - FAR_BELOW;
  return {
    ...tensor,
    shape: [order.length],
    values: Float32Array.from(order, (id) => (id < 0 ? missing : tensor.values[id]!)),
  };
}

/** The weights of an encoder and decoder for vocabularies in another order. @see reordered */
export function reorderedPairs(
  shape: PortableShape,
  tensors: readonly NamedTensor[],
  source: readonly number[],
  target: readonly number[],
): NamedTensor[] {
  const orders = [
    { stack: 'encoder_', order: source, outputs: false },
    { stack: 'decoder_', order: target, outputs: true },
  ] as const;
  return tensors.map((tensor) => {
    for (const { stack, order, outputs } of orders) {
      const place = recurrentWeight(tensor.name);
      const isKernel = shape.embedding === 0 && place?.stack === stack && place.layer === 0 && place.part === 'kernel';
      if (isKernel || tensor.name === `${stack}embedding/embeddings`) return rowsInOrder(tensor, order);
      if (outputs && /^dense\/(?:kernel|bias)$/.test(tensor.name)) return outputsInOrder(tensor, order);
    }
    return tensor;
  });
}

function rowsInOrder(tensor: NamedTensor, order: readonly number[]): NamedTensor {
  const width = tensor.shape[1] ?? 1;
  const values = new Float32Array(order.length * width);
  order.forEach((id, row) => {
    if (id >= 0) values.set(tensor.values.subarray(id * width, (id + 1) * width), row * width);
  });
  return { ...tensor, shape: [order.length, width], values };
}

function columnsInOrder(tensor: NamedTensor, order: readonly number[]): NamedTensor {
  const [rows = 0, columns = 0] = tensor.shape;
  const values = new Float32Array(rows * order.length);
  for (let row = 0; row < rows; row++)
    order.forEach((id, column) => {
      if (id >= 0) values[row * order.length + column] = tensor.values[row * columns + id]!;
    });
  return { ...tensor, shape: [rows, order.length], values };
}
