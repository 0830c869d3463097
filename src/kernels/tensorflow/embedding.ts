import type { Tensor } from '@tensorflow/tfjs';
import type { EmbeddingGradAttributes, EmbeddingGradInputs, EmbeddingInputs } from '../contract.ts';
import type { NativeOps } from './nativeOps.ts';

/** Embedding kernels as TensorFlow ops. */

export function embeddingLookup({ table, ids }: EmbeddingInputs, ops: NativeOps): Tensor {
  return ops.kernelOfOne(() => ops.gather(ops.of(table), ops.of(ids)));
}

export function embeddingLookupGrad(
  { dy, ids }: EmbeddingGradInputs,
  { rows }: EmbeddingGradAttributes,
  ops: NativeOps,
): Tensor {
  return ops.kernelOfOne(() => ops.scatterRows(ops.of(dy), ops.of(ids), rows));
}
