import { WasmRuntime } from './runtime.ts';
import { compileKernels, type Compiler, experimentalCompiler, type Instructions, instructionSets } from './module.ts';
import { selfTest } from './selfTest.ts';

export interface RuntimeOptions {
  readonly threads: number;
  /**
   * Allows an experimental compiler of V8, such as the one that fuses vectors into 256-bit ones. This sets process-wide
   * flags.
   */
  readonly experimental: boolean;
}

/**
 * Starts the fastest build of the kernels that loads and passes the self-test.
 * @throws Error with the reasons if no build does
 */
export async function startRuntime({ threads, experimental }: RuntimeOptions): Promise<WasmRuntime> {
  const candidates: { instructions: Instructions; compiler: Compiler }[] = instructionSets.map((instructions) => ({
    instructions,
    compiler: 'plain',
  }));
  const compiler = experimental ? experimentalCompiler() : undefined;
  if (compiler) candidates.unshift({ instructions: 'relaxed', compiler });
  const failures: string[] = [];
  for (const { instructions, compiler } of candidates) {
    try {
      const module = await compileKernels(instructions, compiler);
      const wide = compiler === 'wide';
      selfTest(module, wide);
      return await WasmRuntime.start(module, threads, wide);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(failures.join('; '));
}
