import * as tf from '@tensorflow/tfjs';
import type {
  CrossEntropyGradInputs,
  CrossEntropyInputs,
  DenseCrossEntropyGradInputs,
  DenseCrossEntropyGradOutputs,
  DenseCrossEntropyInputs,
  DenseCrossEntropyOutputs,
} from '../contract.ts';
import type { LabWebGpu } from './backend.ts';
import { dispatch } from './dispatch.ts';
import { eachElement, elementsOf } from './elements.ts';
import { rowWise } from './rows.ts';
import { sumOfRows } from './sums.ts';

/** Losses `[n]` in nats and probabilities `[n, classes]` in one dispatch. */
export function softmaxCrossEntropy(
  { logits, targets }: CrossEntropyInputs,
  _attributes: object,
  backend: LabWebGpu,
): [tf.Tensor1D, tf.Tensor2D] {
  const [rows, classes] = logits.shape;
  const { grid, name, declarations, eachRow, eachOf } = rowWise(rows, classes);
  const { losses, probabilities } = dispatch(backend, {
    ...grid,
    name: `CrossEntropy, ${name}`,
    inputs: { logits, targets },
    outputs: { losses: [rows], probabilities: [rows, classes] },
    integers: { rows, classes },
    code: () => ({
      declarations,
      body: eachRow(`
        let at = row * uniforms.classes;
        var top = logits[at];
        ${eachOf('uniforms.classes', 'top = max(top, logits[at + i]);')}
        let largest = maxOfAll(localIndex, top);
        var own = 0.0;
        ${eachOf('uniforms.classes', 'own += exp(logits[at + i] - largest);')}
        let sum = sumOfAll(localIndex, own);
        ${eachOf('uniforms.classes', 'probabilities[at + i] = exp(logits[at + i] - largest) / sum;')}
        if (isFirst) { losses[row] = log(sum) + largest - logits[at + targets[row]]; }`),
    }),
  });
  return [losses as tf.Tensor1D, probabilities as tf.Tensor2D];
}

/** dL/dlogits, `[n, classes]`. */
export function softmaxCrossEntropyGrad(
  { probabilities, targets, dLosses }: CrossEntropyGradInputs,
  _attributes: object,
  backend: LabWebGpu,
): tf.Tensor2D {
  return error(backend, probabilities, targets, dLosses, 1);
}

/** Mean loss `[]` of a dense layer's logits, and the probabilities `[n, classes]`. */
export function denseCrossEntropy(
  { x, kernel, bias, targets }: DenseCrossEntropyInputs,
  attributes: object,
  backend: LabWebGpu,
): DenseCrossEntropyOutputs {
  return tf.tidy(() => {
    const logits = tf.fused.matMul({ a: rowsOfStates(x), b: kernel, bias }) as tf.Tensor2D;
    const [losses, probabilities] = softmaxCrossEntropy({ logits, targets }, attributes, backend);
    return [tf.mean(losses), probabilities];
  });
}

export function denseCrossEntropyGrad(
  inputs: DenseCrossEntropyGradInputs,
  _attributes: object,
  backend: LabWebGpu,
): DenseCrossEntropyGradOutputs {
  const { x, kernel, targets, dLoss } = inputs;
  const probabilities = inputs.kept as tf.Tensor2D;
  return tf.tidy(() => {
    const dLogits = error(backend, probabilities, targets, dLoss, 1 / probabilities.shape[0]);
    const dx = tf.reshape(tf.matMul(dLogits, kernel, false, true), x.shape);
    return [dx, tf.matMul(rowsOfStates(x), dLogits, true), sumOfRows(backend, dLogits)];
  });
}

/** (probabilities - onehot(targets)) * dLosses * factor, where dLosses has one value per row or a single value. */
function error(
  backend: LabWebGpu,
  probabilities: tf.Tensor2D,
  targets: tf.Tensor1D,
  dLosses: tf.Tensor,
  factor: number,
): tf.Tensor2D {
  const [, classes] = probabilities.shape;
  const { size } = probabilities;
  const { dLogits } = dispatch(backend, {
    name: 'CrossEntropyGrad',
    inputs: { probabilities, targets, dLosses },
    outputs: { dLogits: probabilities.shape },
    integers: { size, classes, lastLoss: dLosses.size - 1 },
    reals: { factor },
    ...elementsOf(size),
    code: () => ({
      body: eachElement(`
        let row = i / uniforms.classes;
        let hit = select(0.0, 1.0, i - row * uniforms.classes == targets[row]);
        dLogits[i] = (probabilities[i] - hit) * dLosses[min(row, uniforms.lastLoss)] * uniforms.factor;`),
    }),
  });
  return dLogits as tf.Tensor2D;
}

/** Reshapes `[n, units]` or `[timeSteps, batch, units]` to a matrix of rows. */
function rowsOfStates(x: tf.Tensor2D | tf.Tensor3D): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape.at(-1)!]);
}
