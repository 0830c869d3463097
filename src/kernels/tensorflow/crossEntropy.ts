import type { Tensor } from '@tensorflow/tfjs';
import type {
  CrossEntropyGradInputs,
  CrossEntropyInputs,
  DenseCrossEntropyGradInputs,
  DenseCrossEntropyInputs,
} from '../contract.ts';
import type { Handle } from './binding.ts';
import type { NativeOps } from './nativeOps.ts';

/** Loss kernels as TensorFlow ops. */

export function softmaxCrossEntropy({ logits, targets }: CrossEntropyInputs, ops: NativeOps): Tensor[] {
  return ops.kernel(() => [ops.crossEntropy(ops.of(logits), ops.of(targets)), ops.softmax(ops.of(logits))]);
}

export function softmaxCrossEntropyGrad(
  { probabilities, targets, dLosses }: CrossEntropyGradInputs,
  ops: NativeOps,
): Tensor {
  return ops.kernelOfOne(() => {
    const [rows] = probabilities.shape;
    return ops.multiply(errorOf(probabilities, targets, ops), ops.reshape(ops.of(dLosses), [rows, 1]));
  });
}

export function denseCrossEntropy({ x, kernel, bias, targets }: DenseCrossEntropyInputs, ops: NativeOps): Tensor[] {
  return ops.kernel(() => {
    const logits = ops.biasAdd(ops.matMul(rowsOf(x, ops), ops.of(kernel)), ops.of(bias));
    return [ops.mean(ops.crossEntropy(logits, ops.of(targets))), ops.softmax(logits)];
  });
}

export function denseCrossEntropyGrad(
  { x, kernel, targets, kept: probabilities, dLoss }: DenseCrossEntropyGradInputs,
  ops: NativeOps,
): Tensor[] {
  return ops.kernel(() => {
    const rows = x.size / x.shape.at(-1)!;
    const dLogits = ops.multiply(
      errorOf(probabilities, targets, ops),
      ops.multiply(ops.of(dLoss), ops.scalar(1 / rows)),
    );
    const dx = ops.reshape(ops.matMul(dLogits, ops.of(kernel), 'b'), x.shape);
    return [dx, ops.matMul(rowsOf(x, ops), dLogits, 'a'), ops.sum(dLogits, 0)];
  });
}

/** Gradient of each row's loss with respect to its logits: the probabilities, minus 1 at the target. */
function errorOf(probabilities: Tensor, targets: Tensor, ops: NativeOps): Handle {
  const classes = probabilities.shape[1]!;
  return ops.subtract(ops.of(probabilities), ops.oneHot(ops.of(targets), classes, ops.scalar(1)));
}

/** Reshapes `[n, units]` or `[timeSteps, batch, units]` to a matrix of rows. */
function rowsOf(x: Tensor, ops: NativeOps): Handle {
  const units = x.shape.at(-1)!;
  return ops.reshape(ops.of(x), [x.size / units, units]);
}
