import { Job } from './layout.ts';
import type { WasmRuntime } from './runtime.ts';

/** Takes about two milliseconds: longer than threads need to wake, and no turbo clock gives way so soon. */
const ROUNDS = 4000;

/**
 * What the innermost loop of the kernels' matrix products reaches on all threads of a runtime, in GFLOP/s: the bound of
 * every step.
 */
export function peakGigaflops(runtime: WasmRuntime): number {
  const { kernels, threads } = runtime;
  return runtime.withScratch(kernels.tilePeakScratch(threads), (scratch) => {
    const before = performance.now();
    runtime.run(Job.tilePeak, threads, [ROUNDS, scratch]);
    return (threads * ROUNDS * kernels.tilePeakOperations()) / (performance.now() - before) / 1e6;
  });
}
