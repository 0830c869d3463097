import { WasmRuntime } from './runtime.ts';
import {
  buildName,
  compileKernels,
  type Compiler,
  experimentalCompiler,
  type Instructions,
  instructionSets,
} from './module.ts';
import { selfTest } from './selfTest.ts';

export interface RuntimeOptions {
  readonly threads: number;
  /**
   * Allows an experimental compiler of V8, such as the one that fuses vectors into 256-bit ones. This sets process-wide
   * flags.
   */
  readonly experimental: boolean;
  /** Name of the build to prefer, because the numbers of a run are to be repeated; omitted: the fastest. */
  readonly preferred?: string | undefined;
}

interface Candidate {
  readonly instructions: Instructions;
  readonly compiler: Compiler;
}

/**
 * Starts the fastest build of the kernels that loads and passes the self-test, or the preferred one.
 * @throws Error with the reasons if no build does
 */
export async function startRuntime({ threads, experimental, preferred }: RuntimeOptions): Promise<WasmRuntime> {
  const candidates: Candidate[] = instructionSets.map((instructions) => ({ instructions, compiler: 'plain' }));
  const compiler = experimental ? experimentalCompiler() : undefined;
  if (compiler) candidates.unshift({ instructions: 'relaxed', compiler });
  const failures: string[] = [];
  const isPreferred = (candidate: Candidate) => buildName(buildOf(candidate)) === preferred;
  for (const candidate of candidates.toSorted((a, b) => Number(isPreferred(b)) - Number(isPreferred(a)))) {
    const build = buildOf(candidate);
    try {
      const module = await compileKernels(candidate.instructions, candidate.compiler);
      // Another build would be faster or slower, but would give other numbers.
      selfTest(module, build, { compareSpeed: !isPreferred(candidate) });
      return await WasmRuntime.start(module, threads, build);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(failures.join('; '));
}

function buildOf({ instructions, compiler }: Candidate): { instructions: Instructions; wide: boolean } {
  return { instructions, wide: compiler === 'wide' };
}
