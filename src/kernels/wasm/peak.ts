import { Job } from './layout.ts';
import type { WasmRuntime } from './runtime.ts';

/** Rounds for about two milliseconds: longer than waking the threads, too short for the turbo clock to drop. */
const ROUNDS = 4000;

/**
 * Measures the speed of the innermost loop of the matrix products on all threads of a runtime, in GFLOP/s: the upper
 * bound for every training step.
 */
export function peakGigaflops(runtime: WasmRuntime): number {
  const { kernels, threads } = runtime;
  return runtime.withScratch(kernels.tilePeakScratch(threads), (scratch) => {
    const before = performance.now();
    runtime.run(Job.tilePeak, threads, [ROUNDS, scratch]);
    return (threads * ROUNDS * kernels.tilePeakOperations()) / (performance.now() - before) / 1e6;
  });
}
