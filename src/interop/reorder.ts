import type { NamedTensor } from '../models/weights.ts';
import { recurrentWeight } from './weightNames.ts';
import type { PortableShape } from './portable.ts';

/**
 * Distance of the logit of a token that a model does not have below the mean of the others, which is at most the largest
 * one: whatever is added to all logits, its probability is less than exp(-30).
 */
const FAR_BELOW = 30;

/**
 * The weights of a model for a vocabulary in another order.
 * @param order old id of each new id; -1 for a token that the model does not have, which it reads as zeros and does not
 *   write
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
  const missing = meanOf(tensor.values, order) - FAR_BELOW;
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
  for (let row = 0; row < rows; row++) {
    const known = tensor.values.subarray(row * columns, (row + 1) * columns);
    const missing = meanOf(known, order);
    order.forEach((id, column) => {
      values[row * order.length + column] = id < 0 ? missing : known[id]!;
    });
  }
  return { ...tensor, shape: [rows, order.length], values };
}

/** The mean of the values of the tokens that a model has. */
function meanOf(values: Float32Array, order: readonly number[]): number {
  const known = order.filter((id) => id >= 0);
  return known.reduce((sum, id) => sum + values[id]!, 0) / Math.max(1, known.length);
}
