import { adam, squares } from './adam';
import { attention, attentionGradient } from './attention';
import { fillConstants } from './constants';
import { convolutionPool } from './convolutionPool';
import { convolutionPoolGradient } from './convolutionPoolGradient';
import { crossEntropy, crossEntropyGradient } from './crossEntropy';
import { denseCrossEntropy, denseCrossEntropyGradient } from './denseCrossEntropy';
import { addBias, denseStep, matMul, sumColumns, tanh, transposed } from './dense';
import { embedding, embeddingGradient } from './embedding';
import { setWide } from './gemm';
import { gruBackward } from './gruBackward';
import { gruForward } from './gruForward';
import { Job } from './jobs';
import { JOB, THREADS } from './layout';
import { likeliest } from './likeliest';
import { lstmBackward, lstmForward } from './lstm';
import { tilePeak } from './peak';
import { rnnBackward, rnnForward } from './rnn';
import { awaitHelpers, awaitJob, publish, report } from './threads';
import { wideCrossEntropy, wideCrossEntropyGradient } from './wideCrossEntropy';

export { convolutionPoolScratch } from './convolutionPool';
export { convolutionPoolGradientScratch } from './convolutionPoolGradient';
export { attentionGradientScratch, attentionScratch } from './attention';
export { denseStepScratch, matMulScratch } from './dense';
export { denseCrossEntropyGradientScratch, denseCrossEntropyScratch } from './denseCrossEntropy';
export { gruBackwardScratch } from './gruBackward';
export { gruForwardScratch } from './gruForward';
export { likeliestScratch } from './likeliest';
export { storedSigmoidRow, tanhRow, tanhUnits } from './loops';
export { lstmBackwardScratch, lstmForwardScratch } from './lstm';
export { tilePeakOperations, tilePeakScratch } from './peak';
export { rnnBackwardScratch, rnnForwardScratch } from './rnn';
export { wideCrossEntropyGradientScratch, wideCrossEntropyKept, wideCrossEntropyScratch } from './wideCrossEntropy';

/** Runs one thread's part of a job: each thread calls the same function with its own index. */
function work(job: i32, thread: i32, threads: i32): void {
  switch (job) {
    case Job.lstmForward: return lstmForward(thread, threads);
    case Job.lstmBackward: return lstmBackward(thread, threads);
    case Job.matMul: return matMul(thread, threads);
    case Job.addBias: return addBias(thread, threads);
    case Job.sumColumns: return sumColumns(thread, threads);
    case Job.crossEntropy: return crossEntropy(thread, threads);
    case Job.crossEntropyGradient: return crossEntropyGradient(thread, threads);
    case Job.embedding: return embedding(thread, threads);
    case Job.embeddingGradient: return embeddingGradient(thread, threads);
    case Job.adam: return adam(thread, threads);
    case Job.squares: return squares(thread, threads);
    case Job.denseCrossEntropy: return denseCrossEntropy(thread, threads);
    case Job.denseCrossEntropyGradient: return denseCrossEntropyGradient(thread, threads);
    case Job.gruForward: return gruForward(thread, threads);
    case Job.gruBackward: return gruBackward(thread, threads);
    case Job.rnnForward: return rnnForward(thread, threads);
    case Job.rnnBackward: return rnnBackward(thread, threads);
    case Job.convolutionPool: return convolutionPool(thread, threads);
    case Job.convolutionPoolGradient: return convolutionPoolGradient(thread, threads);
    case Job.wideCrossEntropy: return wideCrossEntropy(thread, threads);
    case Job.wideCrossEntropyGradient: return wideCrossEntropyGradient(thread, threads);
    case Job.attention: return attention(thread, threads);
    case Job.attentionGradient: return attentionGradient(thread, threads);
    case Job.tanh: return tanh(thread, threads);
    case Job.transpose: return transposed(thread, threads);
    case Job.denseStep: return denseStep(thread, threads);
    case Job.likeliest: return likeliest(thread, threads);
    case Job.tilePeak: return tilePeak(thread, threads);
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
