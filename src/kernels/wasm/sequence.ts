import type { TensorInfo } from '@tensorflow/tfjs';
import type { SequenceGradAttributes, SequenceInputs } from '../contract.ts';
import { Job } from './layout.ts';
import type { KernelMemory } from './memory.ts';
import type { WasmRuntime } from './runtime.ts';

/** Runs the jobs of recurrent cells: threads, memory, and the arguments of assembly/sequence.ts. */

/** Properties of a cell that its jobs need. */
export interface Cell {
  readonly name: 'lstm' | 'gru' | 'rnn';
  /** Number of blocks of `units` columns in the kernels. */
  readonly gates: number;
  /** Number of state tensors: 1 for h, 2 for h and c. */
  readonly states: number;
}

/** Sizes of a sequence; `width` is that of dense inputs, or 0 for token ids. */
type Sizes = Readonly<Record<'timeSteps' | 'batch' | 'width' | 'units', number>>;

/** Argument that says that the scratch memory does not contain the packed weights. */
const NOT_PACKED = 0;

type Inputs = Omit<SequenceInputs, 'bias'>;
type GradInputs = Inputs & { readonly h: TensorInfo; readonly dh: TensorInfo };

/** Outputs of every gradient kernel. */
export interface SequenceGradients {
  readonly dx: TensorInfo;
  readonly dKernel: TensorInfo;
  readonly dRecurrentKernel: TensorInfo;
  readonly dBias: TensorInfo;
  readonly dh0: TensorInfo;
  readonly norms: TensorInfo;
}

/**
 * Runs a cell forward.
 * @param cellArguments arguments specific to this cell
 * @returns the hidden states, `[timeSteps, batch, units]`
 */
export function runForward(
  cell: Cell,
  inputs: SequenceInputs,
  reverse: boolean,
  cellArguments: readonly number[],
  memory: KernelMemory,
): TensorInfo {
  const { runtime } = memory;
  const { timeSteps, batch, width, units } = sizesOf(inputs);
  const h = memory.allocate([timeSteps, batch, units]);
  const threads = threadsFor(cell, sizesOf(inputs), 1, runtime);
  const scratchBytes = runtime.kernels[`${cell.name}ForwardScratch` as const](width, units, threads);
  runtime.withScratch(scratchBytes, (scratch) => {
    const shared = [...sequenceArguments(inputs, reverse, h.pointer, memory), scratch];
    runtime.run(Job[`${cell.name}Forward` as const], threads, [
      ...shared,
      memory.pointerTo(inputs.bias),
      NOT_PACKED,
      ...cellArguments,
    ]);
  });
  return h.info;
}

/** Runs a cell backward. @param cellArguments arguments specific to this cell */
export function runBackward(
  cell: Cell,
  inputs: GradInputs,
  { reverse, norms: wantsNorms }: SequenceGradAttributes,
  biasShape: number[],
  cellArguments: readonly number[],
  memory: KernelMemory,
): SequenceGradients {
  const { runtime } = memory;
  const { kernel, recurrentKernel } = inputs;
  const { timeSteps, batch, width, units } = sizesOf(inputs);
  const dx = width > 0 ? memory.allocate([timeSteps, batch, width]) : memory.empty();
  const dKernel = memory.allocate([...kernel.shape]);
  const dRecurrentKernel = memory.allocate([...recurrentKernel.shape]);
  const dBias = memory.allocate(biasShape);
  const dh0 = memory.allocate([batch, units]);
  const norms = wantsNorms ? memory.allocate([cell.states, timeSteps, batch]) : memory.empty();
  const threads = threadsFor(cell, sizesOf(inputs), 2, runtime);
  const scratchBytes = runtime.kernels[`${cell.name}BackwardScratch` as const](
    width,
    kernel.shape[0],
    timeSteps,
    batch,
    units,
    threads,
  );
  runtime.withScratch(scratchBytes, (scratch) => {
    const shared = [...sequenceArguments(inputs, reverse, memory.pointerTo(inputs.h), memory), scratch];
    const gradients = [dx, dKernel, dRecurrentKernel, dBias, dh0, norms].map(({ pointer }) => pointer);
    runtime.run(Job[`${cell.name}Backward` as const], threads, [
      ...shared,
      memory.pointerTo(inputs.dh),
      kernel.shape[0],
      ...gradients,
      ...cellArguments,
    ]);
  });
  return {
    dx: dx.info,
    dKernel: dKernel.info,
    dRecurrentKernel: dRecurrentKernel.info,
    dBias: dBias.info,
    dh0: dh0.info,
    norms: norms.info,
  };
}

function sizesOf({ x, recurrentKernel }: Inputs): Sizes {
  const [timeSteps, batch, width = 0] = x.shape as [number, number, number?];
  return { timeSteps, batch, width, units: recurrentKernel.shape[0] };
}

/** Number of threads, which divide the batch. @param products number of products with each kernel per step */
export function threadsFor(
  { gates }: Cell,
  { timeSteps, batch, width, units }: Sizes,
  products: number,
  runtime: WasmRuntime,
): number {
  return Math.min(batch, runtime.threadsFor(2 * products * gates * timeSteps * batch * units * (units + width)));
}

function sequenceArguments(inputs: Inputs, reverse: boolean, h: number, memory: KernelMemory): number[] {
  const { x, kernel, recurrentKernel, h0, lengths } = inputs;
  const { timeSteps, batch, width, units } = sizesOf(inputs);
  const weights = [kernel, recurrentKernel, h0].map((tensor) => memory.pointerTo(tensor));
  return [
    memory.pointerTo(x),
    width,
    ...weights,
    lengths ? memory.pointerTo(lengths) : 0,
    Number(reverse),
    timeSteps,
    batch,
    units,
    h,
  ];
}
