import { Machine } from './machine.ts';
import { compileKernels, type Instructions, instructionSets } from './module.ts';
import { selfTest } from './selfTest.ts';

export interface MachineOptions {
  readonly threads: number;
  /** Lets V8 fuse vectors into 256-bit ones: an experimental switch of the whole process. */
  readonly wide: boolean;
}

/**
 * Starts the fastest build of the kernels that loads and computes what it should.
 * @throws Error with the reasons when none does
 */
export async function startMachine({ threads, wide }: MachineOptions): Promise<Machine> {
  const candidates: { instructions: Instructions; wide: boolean }[] = instructionSets.map((instructions) => ({ instructions, wide: false }));
  if (wide) candidates.unshift({ instructions: 'relaxed', wide: true });
  const failures: string[] = [];
  for (const { instructions, wide: fused } of candidates) {
    try {
      const module = await compileKernels(instructions, fused);
      selfTest(module, fused);
      return await Machine.start(module, threads, fused);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(failures.join('; '));
}
