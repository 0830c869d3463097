import type * as tf from '@tensorflow/tfjs';
import type { LabWebGpu } from './backend.ts';
import { dispatch } from './dispatch.ts';
import { eachElement, elementsOf } from './elements.ts';

/** Maximum number of partial sums of the first pass. */
const MAX_PARTS = 64;

/** Sum over the rows of a matrix, `[n, width]` to `[width]`. Neighboring threads read neighboring values. */
export function sumOfRows(backend: LabWebGpu, matrix: tf.Tensor): tf.Tensor1D {
  const [rows = 0, width = 0] = matrix.shape;
  const parts = Math.min(MAX_PARTS, Math.ceil(Math.sqrt(rows)));
  const inParts = addUp(backend, matrix, rows, width, parts);
  const sum = addUp(backend, inParts, parts, width, 1);
  inParts.dispose();
  return sum.as1D();
}

/** Partial sums of equal shares of the rows, `[parts, width]`. */
function addUp(backend: LabWebGpu, matrix: tf.Tensor, rows: number, width: number, parts: number): tf.Tensor {
  const { sums } = dispatch(backend, {
    name: 'SumOfRows',
    inputs: { matrix },
    outputs: { sums: [parts, width] },
    integers: { size: parts * width, rows, width, parts },
    ...elementsOf(parts * width),
    code: () => ({
      body: eachElement(`
        let part = i / uniforms.width;
        let column = i - part * uniforms.width;
        var sum = 0.0;
        for (var row = part; row < uniforms.rows; row += uniforms.parts) { sum += matrix[row * uniforms.width + column]; }
        sums[i] = sum;`),
    }),
  });
  return sums;
}
