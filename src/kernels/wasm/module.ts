import { pathOf, setEngineFlags } from '../../platform/system.ts';
import { disk } from '../../platform/files.ts';

/** The compiled kernels, in the best build that this engine loads. */

/** Sets of instructions, the fastest first. */
export const instructionSets = ['relaxed', 'simd', 'scalar'] as const;
export type Instructions = (typeof instructionSets)[number];

/** Bytes of scratch of a recurrent cell; `inputs` is the width of dense inputs, 0 for token ids. */
type ForwardScratch = (inputs: number, units: number, threads: number) => number;
type BackwardScratch = (
  inputs: number,
  kernelRows: number,
  timeSteps: number,
  batch: number,
  units: number,
  threads: number,
) => number;

/** What the kernels' module exports. Pointers are bytes into the memory. */
export interface KernelExports {
  initialize(wide: number): void;
  run(job: number, threads: number, helpers: number): number;
  serve(thread: number): void;
  matMulScratch(rows: number, depth: number, columns: number, transposedA: number, threads: number): number;
  denseCrossEntropyScratch(units: number, classes: number, threads: number): number;
  denseCrossEntropyGradientScratch(units: number, classes: number, threads: number): number;
  readonly lstmForwardScratch: ForwardScratch;
  readonly lstmBackwardScratch: BackwardScratch;
  readonly gruForwardScratch: ForwardScratch;
  readonly gruBackwardScratch: BackwardScratch;
  readonly rnnForwardScratch: ForwardScratch;
  readonly rnnBackwardScratch: BackwardScratch;
  tilePeakOperations(): number;
  tilePeakScratch(threads: number): number;
  sigmoidRow(from: number, to: number, count: number): void;
  tanhRow(from: number, to: number, count: number): void;
}

/** Lies beside the bundle; code that runs unbundled takes what the last build made. */
const folder = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/' : './', import.meta.url);

/**
 * V8's experimental compilers, by the switch of each: `wide` fuses neighboring vectors into 256-bit ones; `turboshaft`
 * orders instructions so that registers suffice, which V8 13 always does; without it 12 takes twice as long.
 */
const switches = { wide: 'experimental-wasm-revectorize', turboshaft: 'turboshaft-wasm' };
export type Compiler = 'plain' | keyof typeof switches;

/** The experimental compiler that this version of V8 gains from; those before it know neither. */
export function experimentalCompiler(v8 = process.versions.v8): Compiler | undefined {
  const major = Number(v8.split('.')[0]);
  return major >= 13 ? 'wide' : major === 12 ? 'turboshaft' : undefined;
}

/**
 * Compiles a build of the kernels.
 * @param compiler one that is not plain has switches that belong to the whole process, and only code that is optimized
 *   at
 *   once goes through it: so it compiles everything now, and the switches are put back afterwards.
 * @throws Error when the engine lacks the instructions, or the file is missing
 */
export async function compileKernels(instructions: Instructions, compiler: Compiler): Promise<WebAssembly.Module> {
  const binary = await disk.read(pathOf(new URL(`kernels-${instructions}.wasm`, folder)));
  if (!WebAssembly.validate(binary)) throw new Error(`this engine does not load the ${instructions} kernels`);
  if (compiler === 'plain') return new WebAssembly.Module(binary);
  // V8 gives the same code for the same bytes, however its switches stood: a name of its own keeps the two apart.
  const named = Uint8Array.of(...binary, ...customSection(compiler));
  const flag = switches[compiler];
  setEngineFlags([flag, 'no-liftoff', 'no-wasm-lazy-compilation']);
  try {
    return new WebAssembly.Module(named);
  } finally {
    setEngineFlags([`no-${flag}`, 'liftoff', 'wasm-lazy-compilation']);
  }
}

/** A section that engines skip: id 0, the size of the rest, and its name. */
function customSection(name: string): Uint8Array {
  const letters = Buffer.from(name);
  return Uint8Array.of(0, letters.length + 1, letters.length, ...letters);
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory, wide: boolean): KernelExports {
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
  kernels.initialize(wide ? 1 : 0);
  return kernels;
}
