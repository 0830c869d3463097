import { adam, squares } from './adam';
import { fillConstants } from './constants';
import { crossEntropy, crossEntropyGradient } from './crossEntropy';
import { denseCrossEntropy, denseCrossEntropyGradient } from './denseCrossEntropy';
import { addBias, matMul, sumColumns } from './dense';
import { embedding, embeddingGradient } from './embedding';
import { setWide } from './gemm';
import { gruBackward } from './gruBackward';
import { gruForward } from './gruForward';
import { JOB, THREADS } from './layout';
import { lstmBackward, lstmForward } from './lstm';
import { tilePeak } from './peak';
import { rnnBackward, rnnForward } from './rnn';
import { awaitHelpers, awaitJob, publish, report } from './threads';

export { matMulScratch } from './dense';
export { denseCrossEntropyGradientScratch, denseCrossEntropyScratch } from './denseCrossEntropy';
export { gruBackwardScratch } from './gruBackward';
export { gruForwardScratch } from './gruForward';
export { sigmoidRow, tanhRow } from './loops';
export { lstmBackwardScratch, lstmForwardScratch } from './lstm';
export { tilePeakOperations, tilePeakScratch } from './peak';
export { rnnBackwardScratch, rnnForwardScratch } from './rnn';

/** Jobs by number, as in jobs.ts. Each thread of a job calls the same function with its own index. */
function work(job: i32, thread: i32, threads: i32): void {
  switch (job) {
    case 1: return lstmForward(thread, threads);
    case 2: return lstmBackward(thread, threads);
    case 3: return matMul(thread, threads);
    case 4: return addBias(thread, threads);
    case 5: return sumColumns(thread, threads);
    case 6: return crossEntropy(thread, threads);
    case 7: return crossEntropyGradient(thread, threads);
    case 8: return embedding(thread, threads);
    case 9: return embeddingGradient(thread, threads);
    case 10: return adam(thread, threads);
    case 11: return squares(thread, threads);
    case 12: return denseCrossEntropy(thread, threads);
    case 13: return denseCrossEntropyGradient(thread, threads);
    case 14: return gruForward(thread, threads);
    case 15: return gruBackward(thread, threads);
    case 16: return rnnForward(thread, threads);
    case 17: return rnnBackward(thread, threads);
    case 18: return tilePeak(thread, threads);
    default: unreachable();
  }
}

/** Must be the first call of every instance. @param wide true if V8 fuses neighboring vectors */
export function initialize(wide: bool): void {
  fillConstants();
  setWide(wide);
}

/**
 * Runs a job, together with the helpers if it is for several threads.
 * @returns false if a helper does not respond
 */
export function run(job: i32, threads: i32, helpers: i32): bool {
  if (threads === 1) {
    work(job, 0, 1);
    return true;
  }
  publish(job, threads, helpers);
  work(job, 0, threads);
  return awaitHelpers();
}

/** Main loop of a helper thread: waits for jobs and runs its share, until its worker is terminated. */
export function serve(thread: i32): void {
  let seen = 0;
  for (;;) {
    seen = awaitJob(seen);
    const threads = load<i32>(THREADS);
    if (thread < threads) work(load<i32>(JOB), thread, threads);
    report();
  }
}
