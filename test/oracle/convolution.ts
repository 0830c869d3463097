import { build, type Matrix, zerosLike } from './matrix.ts';

/** Convolution over time with ReLU and pooling, in double precision. */
export interface Convolution {
  readonly pooling: 'max' | 'mean';
  /** Number of steps of each sequence. */
  readonly lengths: readonly number[];
  /** `[timeSteps * batch, inputs]` */
  readonly x: Matrix;
  /** For each width `[width * inputs, filters]` and `[1, filters]`. */
  readonly kernels: readonly Matrix[];
  readonly biases: readonly Matrix[];
}

/** Filter number `filter` of kernel number `n` at a step of a sequence, before the ReLU. */
function sumAt({ lengths, x, kernels, biases }: Convolution, n: number, filter: number, t: number, b: number): number {
  let sum = biases[n]!.at(0, filter);
  eachNeighbor(kernels[n]!, x, lengths, t, b, (row, step, input) => {
    sum += kernels[n]!.at(row, filter) * x.at(step, input);
  });
  return sum;
}

/** Visits each row of a kernel that reads a step within the sequence. */
function eachNeighbor(
  kernel: Matrix,
  x: Matrix,
  lengths: readonly number[],
  t: number,
  b: number,
  visit: (row: number, step: number, input: number) => void,
): void {
  const width = kernel.rows / x.columns;
  for (let row = 0; row < kernel.rows; row++) {
    const neighbor = t - Math.floor((width - 1) / 2) + Math.floor(row / x.columns);
    if (neighbor >= 0 && neighbor < lengths[b]!) visit(row, neighbor * lengths.length + b, row % x.columns);
  }
}

/** Share of each step in a pooled value, zero where the ReLU is inactive. */
function sharesOf(
  convolution: Convolution,
  n: number,
  filter: number,
  b: number,
): { sums: number[]; shares: number[] } {
  const { pooling, lengths } = convolution;
  const length = lengths[b]!;
  const sums = Array.from({ length }, (_, t) => sumAt(convolution, n, filter, t, b));
  const highest = sums.indexOf(Math.max(...sums));
  const shares = sums.map((sum, t) => (sum <= 0 ? 0 : pooling === 'mean' ? 1 / length : Number(t === highest)));
  return { sums, shares };
}

/** `[batch, widths * filters]` */
export function pooledBy(convolution: Convolution): Matrix {
  const { lengths, kernels, biases } = convolution;
  const filters = biases[0]!.columns;
  return build(lengths.length, kernels.length * filters, (b, column) => {
    const { sums, shares } = sharesOf(convolution, Math.floor(column / filters), column % filters, b);
    return shares.reduce((total, share, t) => (share > 0 ? total + share * sums[t]! : total), 0);
  });
}

/** Gradients of the sum of the pooled values times `by`. */
export function convolutionGradients(
  convolution: Convolution,
  by: Matrix,
): { dx: Matrix; dKernels: Matrix[]; dBiases: Matrix[] } {
  const { lengths, x, kernels, biases } = convolution;
  const [dx, dKernels, dBiases] = [zerosLike(x), kernels.map(zerosLike), biases.map(zerosLike)];
  const add = (matrix: Matrix, row: number, column: number, value: number) =>
    matrix.set(row, column, matrix.at(row, column) + value);
  kernels.forEach((kernel, n) => {
    for (let filter = 0; filter < kernel.columns; filter++) {
      for (let b = 0; b < lengths.length; b++) {
        sharesOf(convolution, n, filter, b).shares.forEach((share, t) => {
          const slope = share * by.at(b, n * kernel.columns + filter);
          if (slope === 0) return;
          add(dBiases[n]!, 0, filter, slope);
          eachNeighbor(kernel, x, lengths, t, b, (row, step, input) => {
            add(dKernels[n]!, row, filter, slope * x.at(step, input));
            add(dx, step, input, slope * kernel.at(row, filter));
          });
        });
      }
    }
  });
  return { dx, dKernels, dBiases };
}

/** Sizes of a random convolution. */
export interface ConvolutionSizes {
  readonly timeSteps: number;
  readonly lengths: readonly number[];
  readonly inputs: number;
  readonly filters: number;
  readonly widths: readonly number[];
}

/** A convolution with random numbers, also past the end of each sequence. @param next draws a number */
export function randomConvolution(
  { timeSteps, lengths, inputs, filters, widths }: ConvolutionSizes,
  pooling: Convolution['pooling'],
  next: () => number,
): Convolution {
  const random = (rows: number, columns: number) => build(rows, columns, () => Math.fround(next()));
  return {
    pooling,
    lengths,
    x: random(timeSteps * lengths.length, inputs),
    kernels: widths.map((width) => random(width * inputs, filters)),
    biases: widths.map(() => random(1, filters)),
  };
}
