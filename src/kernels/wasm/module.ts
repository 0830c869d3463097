import { engineVersions, pathOf, setEngineFlags } from '../../platform/system.ts';
import { disk } from '../../platform/files.ts';
import { utf8Bytes } from '../../platform/bytes.ts';

/** Loads and compiles the builds of the kernels. */

/** Instruction sets of the builds, fastest first. */
export const instructionSets = ['relaxed', 'simd', 'scalar'] as const;
export type Instructions = (typeof instructionSets)[number];

/** A build of the kernels. Builds round differently. */
export interface Build {
  readonly instructions: Instructions;
  /** Whether V8 fuses neighboring vectors into 256-bit ones. */
  readonly wide: boolean;
}

/** Name of a build in the record of a run, such as `relaxed-wide`. */
export function buildName({ instructions, wide }: Build): string {
  return wide ? `${instructions}-wide` : instructions;
}

/** Returns the scratch bytes of a recurrent cell; `inputs` is the width of dense inputs, or 0 for token ids. */
type ForwardScratch = (inputs: number, units: number, threads: number) => number;
type BackwardScratch = (
  inputs: number,
  kernelRows: number,
  timeSteps: number,
  batch: number,
  units: number,
  threads: number,
) => number;

/** Sizes of a convolution; `sum` is the sum of the widths. */
type ConvolutionSizes = [
  timeSteps: number,
  batch: number,
  inputs: number,
  filters: number,
  widths: number,
  widest: number,
  sum: number,
  threads: number,
];

/** Exports of the kernels' module. Pointers are byte addresses in the memory. */
export interface KernelExports {
  initialize(wide: number): void;
  run(job: number, threads: number, helpers: number): number;
  serve(thread: number): void;
  matMulScratch(rows: number, depth: number, columns: number, transposedA: number, threads: number): number;
  denseStepScratch(depth: number, columns: number, threads: number): number;
  denseCrossEntropyScratch(units: number, classes: number, threads: number): number;
  denseCrossEntropyGradientScratch(units: number, classes: number, threads: number): number;
  convolutionPoolScratch(...sizes: ConvolutionSizes): number;
  convolutionPoolGradientScratch(isMax: number, ...sizes: ConvolutionSizes): number;
  wideCrossEntropyScratch(rows: number, units: number, classes: number, threads: number): number;
  wideCrossEntropyGradientScratch(rows: number, units: number, threads: number): number;
  wideCrossEntropyKept(rows: number, classes: number): number;
  likeliestScratch(threads: number): number;
  attentionScratch(width: number, threads: number): number;
  attentionGradientScratch(batch: number, sourceSteps: number, width: number, threads: number): number;
  readonly lstmForwardScratch: ForwardScratch;
  readonly lstmBackwardScratch: BackwardScratch;
  readonly gruForwardScratch: ForwardScratch;
  readonly gruBackwardScratch: BackwardScratch;
  readonly rnnForwardScratch: ForwardScratch;
  readonly rnnBackwardScratch: BackwardScratch;
  tilePeakOperations(): number;
  tilePeakScratch(threads: number): number;
  storedSigmoidRow(from: number, to: number, count: number): void;
  tanhRow(from: number, to: number, count: number): void;
  tanhUnits(values: number, slopes: number, count: number): void;
}

/** Folder of the compiled kernels: next to the bundle, or `dist/` for code that runs unbundled. */
const folder = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/' : './', import.meta.url);

/**
 * Flags of V8's experimental compilers. `wide` fuses neighboring vectors into 256-bit ones. `turboshaft` schedules
 * instructions so that registers do not spill; V8 13 always does so, V8 12 takes twice as long without the flag.
 */
const switches = { wide: 'experimental-wasm-revectorize', turboshaft: 'turboshaft-wasm' };
export type Compiler = 'plain' | keyof typeof switches;

/** Returns the experimental compiler that is faster on this version of V8; versions before 12 and browsers have neither. */
export function experimentalCompiler(v8 = engineVersions()['v8']): Compiler | undefined {
  const major = Number(v8?.split('.')[0]);
  return major >= 13 ? 'wide' : major === 12 ? 'turboshaft' : undefined;
}

/** The experimental compiler whose flags this thread has set. */
let experiment: keyof typeof switches | undefined;

/**
 * Compiles a build of the kernels. Each function is compiled when it is called first, so that a program waits only for
 * those that it uses.
 * @param compiler experimental compilers need process-wide flags, which stay set for the functions that are called later.
 *   They only handle code that is optimized at once.
 * @throws Error if the engine lacks the instructions or the file is missing
 */
export async function compileKernels(instructions: Instructions, compiler: Compiler): Promise<WebAssembly.Module> {
  const binary = await disk.read(pathOf(new URL(`kernels-${instructions}.wasm`, folder)));
  if (!WebAssembly.validate(binary)) throw new Error(`this engine cannot load the ${instructions} kernels`);
  if (compiler === 'plain') {
    if (experiment) setEngineFlags([`no-${switches[experiment]}`, 'liftoff']);
    experiment = undefined;
    return new WebAssembly.Module(binary);
  }
  // V8 caches compiled code by the bytes alone, whatever the flags, so each compiler's binary gets a unique section.
  const named = Uint8Array.of(...binary, ...customSection(compiler));
  setEngineFlags([switches[compiler], 'no-liftoff']);
  experiment = compiler;
  return new WebAssembly.Module(named);
}

/** Custom section that engines ignore: id 0, the size of the rest, and its name. */
function customSection(name: string): Uint8Array {
  const letters = utf8Bytes(name);
  return Uint8Array.of(0, letters.length + 1, letters.length, ...letters);
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory, wide: boolean): KernelExports {
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
  kernels.initialize(wide ? 1 : 0);
  return kernels;
}
