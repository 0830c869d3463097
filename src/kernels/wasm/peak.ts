import { Job } from './jobs.ts';
import type { Machine } from './machine.ts';

/** Takes about two milliseconds: longer than threads need to wake, and no turbo clock gives way so soon. */
const ROUNDS = 4000;

/**
 * What the innermost loop of the kernels' matrix products reaches on all threads of a machine, in GFLOP/s: the bound of
 * every step.
 */
export function peakGigaflops(machine: Machine): number {
  const { kernels, threads } = machine;
  return machine.withScratch(kernels.tilePeakScratch(threads), (scratch) => {
    const before = performance.now();
    machine.run(Job.tilePeak, threads, [ROUNDS, scratch]);
    return (threads * ROUNDS * kernels.tilePeakOperations()) / (performance.now() - before) / 1e6;
  });
}
