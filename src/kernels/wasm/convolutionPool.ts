import type { TensorInfo } from '@tensorflow/tfjs';
import type { ConvolutionPoolAttributes, ConvolutionPoolGradInputs, ConvolutionPoolInputs } from '../contract.ts';
import { biasesOf, kernelsOf, widthOf } from '../convolutionKernels.ts';
import { Job } from './layout.ts';
import type { KernelMemory } from './memory.ts';

/** Kernels of convolutions with pooling in WebAssembly. */

/** Cost of adding a scaled row to another, in operations of a matrix product. */
const ADD_SCALED = 4;

export function convolutionPool(
  inputs: ConvolutionPoolInputs,
  { pooling }: ConvolutionPoolAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const { runtime } = memory;
  const sizes = sizesOf(inputs);
  const { timeSteps, batch, values } = sizes;
  const pooled = memory.allocate([batch, values]);
  const active =
    pooling === 'max' ? memory.allocate([batch, values], 'int32') : memory.allocate([timeSteps, batch, values]);
  const biases = biasesOf(inputs).map((bias) => memory.pointerTo(bias));
  const kernels = kernelsOf(inputs).map((kernel) => memory.pointerTo(kernel));
  const table = sizes.widths.flatMap((width, n) => [width, kernels[n]!, biases[n]!]);
  const threads = Math.min(batch, runtime.threadsFor(2 * timeSteps * batch * sizes.weights));
  const bytes = runtime.kernels.convolutionPoolScratch(...scratchSizes(sizes), threads);
  run(Job.convolutionPool, inputs, pooling, threads, { table, bytes }, [pooled.pointer, active.pointer], memory);
  return [pooled.info, active.info];
}

export function convolutionPoolGrad(
  inputs: ConvolutionPoolGradInputs,
  { pooling }: ConvolutionPoolAttributes,
  memory: KernelMemory,
): TensorInfo[] {
  const { runtime } = memory;
  const sizes = sizesOf(inputs);
  const { timeSteps, batch, filters } = sizes;
  const dx = memory.allocate([...inputs.x.shape]);
  const gradients = kernelsOf(inputs).map((kernel) => ({
    kernel: memory.pointerTo(kernel),
    dKernel: memory.allocate([...kernel.shape]),
    dBias: memory.allocate([filters]),
  }));
  const table = gradients.flatMap(({ kernel, dKernel, dBias }, n) => [
    sizes.widths[n]!,
    kernel,
    dKernel.pointer,
    dBias.pointer,
  ]);
  const products = pooling === 'max' ? ADD_SCALED * batch : timeSteps * batch;
  const threads = Math.min(batch, runtime.threadsFor(4 * products * sizes.weights));
  const isMax = Number(pooling === 'max');
  const bytes = runtime.kernels.convolutionPoolGradientScratch(isMax, ...scratchSizes(sizes), threads);
  const passed = [inputs.dPooled, inputs.active].map((tensor) => memory.pointerTo(tensor));
  run(Job.convolutionPoolGradient, inputs, pooling, threads, { table, bytes }, [...passed, dx.pointer], memory);
  return [dx.info, ...gradients.flatMap(({ dKernel, dBias }) => [dKernel.info, dBias.info])];
}

interface Sizes {
  readonly timeSteps: number;
  readonly batch: number;
  readonly width: number;
  /** Filters of each width, and pooled values of all. */
  readonly filters: number;
  readonly values: number;
  readonly widths: readonly number[];
  /** Weights of all filters. */
  readonly weights: number;
}

function sizesOf(inputs: ConvolutionPoolInputs | ConvolutionPoolGradInputs): Sizes {
  const [timeSteps, batch, width] = inputs.x.shape;
  const kernels = kernelsOf(inputs);
  const filters = kernels[0]?.shape[1] ?? 0;
  return {
    timeSteps,
    batch,
    width,
    filters,
    values: kernels.length * filters,
    widths: kernels.map((kernel) => widthOf(kernel, width)),
    weights: kernels.reduce((sum, { shape }) => sum + shape[0] * shape[1], 0),
  };
}

/** Sizes on which the scratch memory of a job depends, besides the number of threads. */
function scratchSizes({ timeSteps, batch, width, filters, widths }: Sizes) {
  const sum = widths.reduce((total, each) => total + each, 0);
  return [timeSteps, batch, width, filters, widths.length, Math.max(...widths), sum] as const;
}

/**
 * Runs a job.
 * @param work its table of widths and pointers, and the bytes of its scratch memory after that table
 * @param pointers arguments specific to the pass
 */
function run(
  job: Job,
  inputs: ConvolutionPoolInputs | ConvolutionPoolGradInputs,
  pooling: ConvolutionPoolAttributes['pooling'],
  threads: number,
  { table, bytes }: { readonly table: readonly number[]; readonly bytes: number },
  pointers: readonly number[],
  memory: KernelMemory,
): void {
  const { runtime } = memory;
  const { timeSteps, batch, width, filters, widths } = sizesOf(inputs);
  const [x, lengths] = [memory.pointerTo(inputs.x), memory.pointerTo(inputs.lengths)];
  const tableBytes = 4 * table.length;
  runtime.withScratch(tableBytes + bytes, (scratch) => {
    runtime.int32(scratch, table.length).set(table);
    const sizes = [timeSteps, batch, width, filters, widths.length, Number(pooling === 'max')];
    runtime.run(job, threads, [x, lengths, ...sizes, scratch, scratch + tableBytes, ...pointers]);
  });
}
