import { build, elementwise, oneHot, zip } from './matrix.ts';
import type { Matrix } from './matrix.ts';

/** log of the sum of exp over one row; the largest logit is factored out to avoid overflow. */
function logSumExp(logits: Matrix, row: number): number {
  let largest = -Infinity;
  for (let column = 0; column < logits.columns; column++) largest = Math.max(largest, logits.at(row, column));
  let sum = 0;
  for (let column = 0; column < logits.columns; column++) sum += Math.exp(logits.at(row, column) - largest);
  return largest + Math.log(sum);
}

function logSoftmax(logits: Matrix): Matrix {
  const normalizers = Array.from({ length: logits.rows }, (_, row) => logSumExp(logits, row));
  return build(logits.rows, logits.columns, (row, column) => logits.at(row, column) - Number(normalizers[row]));
}

/**
 * Mean cross-entropy, in nats, of the softmax of the logits over all time steps and sequences.
 *
 * @param logits [timeSteps] matrices [batch, vocabulary].
 * @param targets ids, [timeSteps][batch].
 * @returns the loss, and its gradient by the logits: (softmax - one-hot of the target) / (timeSteps batch).
 */
export function crossEntropy(
  logits: readonly Matrix[],
  targets: readonly (readonly number[])[],
): { loss: number; gradients: Matrix[] } {
  const count = logits.reduce((sum, step) => sum + step.rows, 0);
  let loss = 0;
  const gradients = zip(logits, targets, (step, ids) => {
    const target = oneHot(ids, step.columns);
    const logProbabilities = logSoftmax(step);
    for (const surprise of elementwise((p, y) => -p * y, logProbabilities, target).values) loss += surprise / count;
    return elementwise((p, y) => (Math.exp(p) - y) / count, logProbabilities, target);
  });
  return { loss, gradients };
}
