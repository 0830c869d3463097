import { type Generator } from '../../src/random/generator.ts';
import { assertWithinRoundings } from './compare.ts';
import { build, elementwise, type Matrix, zerosLike } from './matrix.ts';

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

interface ConvolutionGradients {
  readonly dx: Matrix;
  readonly dKernels: Matrix[];
  readonly dBiases: Matrix[];
}

/**
 * Gradients of the sum of the pooled values times `by`.
 *
 * @param decided the convolution whose maxima and signs select the steps with a gradient
 */
export function convolutionGradients(
  convolution: Convolution,
  by: Matrix,
  decided: Convolution = convolution,
): ConvolutionGradients {
  const { lengths, x, kernels, biases } = convolution;
  const [dx, dKernels, dBiases] = [zerosLike(x), kernels.map(zerosLike), biases.map(zerosLike)];
  const add = (matrix: Matrix, row: number, column: number, value: number) =>
    matrix.set(row, column, matrix.at(row, column) + value);
  kernels.forEach((kernel, n) => {
    for (let filter = 0; filter < kernel.columns; filter++) {
      for (let b = 0; b < lengths.length; b++) {
        sharesOf(decided, n, filter, b).shares.forEach((share, t) => {
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

/** A convolution with random numbers, also past the end of each sequence, and factors of the pooled values. */
export function randomConvolution(
  { timeSteps, lengths, inputs, filters, widths }: ConvolutionSizes,
  pooling: Convolution['pooling'],
  next: () => number,
): { of: Convolution; by: Matrix } {
  const random = (rows: number, columns: number) => build(rows, columns, () => Math.fround(next()));
  const of: Convolution = {
    pooling,
    lengths,
    x: random(timeSteps * lengths.length, inputs),
    kernels: widths.map((width) => random(width * inputs, filters)),
    biases: widths.map(() => random(1, filters)),
  };
  return { of, by: random(lengths.length, widths.length * filters) };
}

/** Largest of the whole numbers: of many different sums, or of sums which are often equal or zero. */
const LARGEST = [127, 2];

/**
 * A convolution of whole numbers. Single precision represents whole numbers up to 2^24, which is more than a thousand
 * products of numbers up to 127. So the sums before the ReLU are exact in any order: each kernel must find the same
 * maxima and signs as the definition, also of equal sums and of sums of zero.
 */
export function wholeConvolution(
  size: ConvolutionSizes,
  pooling: Convolution['pooling'],
  generator: Generator,
): { of: Convolution; by: Matrix } {
  const largest = LARGEST[generator.nextBelow(LARGEST.length)]!;
  return randomConvolution(size, pooling, () => generator.nextBelow(2 * largest + 1) - largest);
}

/**
 * Asserts the pooled values and gradients of a convolution of whole numbers in single precision. Those of a maximum are
 * exact. Those of a mean are rounded where they are scaled by the length, and in each addition after that.
 *
 * @param gradients those of x, the kernels and the biases
 */
export function assertConvolution(
  found: { readonly pooled: Float32Array; readonly gradients: readonly Float32Array[] },
  of: Convolution,
  by: Matrix,
): void {
  const pooled = pooledBy(of);
  const [expected, magnitudes] = [convolutionGradients(of, by), convolutionGradients(absolute(of), abs(by), of)];
  const roundings = of.pooling === 'max' ? { pooled: 0, gradient: 0 } : roundingsOfMean(of);
  // The terms of a pooled value are not negative: their magnitude is the value.
  assertWithinRoundings('pooled', found.pooled, pooled.values, pooled.values, roundings.pooled);
  tensorsOf(expected).forEach(({ values }, index) =>
    assertWithinRoundings(
      `gradient ${index}`,
      found.gradients[index]!,
      values,
      tensorsOf(magnitudes)[index]!.values,
      roundings.gradient,
    ),
  );
}

/** Gradients of x, the kernels and the biases. */
export const tensorsOf = ({ dx, dKernels, dBiases }: ConvolutionGradients): Matrix[] => [dx, ...dKernels, ...dBiases];

/** Largest number of roundings of a term: additions, and two each for a product with the inverse of a length. */
function roundingsOfMean({ lengths, x, kernels }: Convolution): { pooled: number; gradient: number } {
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  const uses = kernels.reduce((sum, { rows, columns }) => sum + (rows / x.columns) * columns, 0);
  return { pooled: Math.max(...lengths) - 1 + 2, gradient: Math.max(steps, uses) - 1 + 1 + 2 };
}

const abs = (matrix: Matrix): Matrix => elementwise(Math.abs, matrix);

const absolute = (of: Convolution): Convolution => ({
  ...of,
  x: abs(of.x),
  kernels: of.kernels.map(abs),
  biases: of.biases.map(abs),
});
