import { Matrix } from './matrix.ts';

/**
 * Gradient of `loss` with respect to each entry of a tensor, which is changed in place and restored. Five-point central
 * differences: the error is of order step^4, so that a step of 1e-3 gives about twelve digits; two points would give
 * nine.
 */
export function finiteDifferences(tensor: Matrix, loss: () => number, step = 1e-3): Matrix {
  const gradient = tensor.values.map((value, index) => {
    const lossAt = (shift: number): number => {
      tensor.values[index] = value + shift * step;
      return loss();
    };
    const slope = (8 * (lossAt(1) - lossAt(-1)) - (lossAt(2) - lossAt(-2))) / (12 * step);
    tensor.values[index] = value;
    return slope;
  });
  return new Matrix(tensor.rows, tensor.columns, gradient);
}
