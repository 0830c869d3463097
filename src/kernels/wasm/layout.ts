import type { RnnActivation } from '../contract.ts';

/**
 * Memory layout and job numbers shared by the host and the kernels in assembly/. scripts/kernels/layout.ts generates
 * the modules `layout` and `jobs` of assembly/ from this file.
 */

/**
 * Addresses in the first 64 KB of memory, which all threads share. The module has no data segments, because the
 * instance of each thread would write them again over live memory.
 */
export const layout = {
  /** Sequence number of the current job; helpers wait for it to change. */
  JOB_NUMBER: 64,
  /** Number of helpers that have not finished their part of the current job. */
  RUNNING: 128,
  /** Threads that have reached the current barrier. */
  ARRIVED: 192,
  /** Number of barriers passed. */
  BARRIERS: 256,
  /** The current job, one of `Job`. */
  JOB: 320,
  /** Number of threads that share the current job. */
  THREADS: 324,
  /** Arguments of the current job: up to 128 32-bit integers or floats. */
  ARGUMENTS: 512,
  /** Constants that loops broadcast to all lanes. */
  CONSTANTS: 1024,
  /** Partial sums as float64, one per thread, or one per tensor and thread. */
  PARTIAL_SUMS: 4096,
  /** Tensors and scratch memory. */
  HEAP: 65_536,
} as const;

/** Job numbers. */
export const Job = {
  lstmForward: 1,
  lstmBackward: 2,
  matMul: 3,
  addBias: 4,
  sumColumns: 5,
  crossEntropy: 6,
  crossEntropyGradient: 7,
  embedding: 8,
  embeddingGradient: 9,
  adam: 10,
  squares: 11,
  denseCrossEntropy: 12,
  denseCrossEntropyGradient: 13,
  gruForward: 14,
  gruBackward: 15,
  rnnForward: 16,
  rnnBackward: 17,
  tilePeak: 18,
  wideCrossEntropy: 19,
  wideCrossEntropyGradient: 20,
  attention: 21,
  attentionGradient: 22,
  tanh: 23,
  convolutionPool: 24,
  convolutionPoolGradient: 25,
  transpose: 26,
  denseStep: 27,
  likeliest: 28,
} as const;

export type Job = (typeof Job)[keyof typeof Job];

/** Arguments of the job `adam` in order: the tensors, then their size, then the numbers. */
export const adamTensors = ['weights', 'm', 'v', 'gradient', 'newWeights', 'newM', 'newV'] as const;
export const adamNumbers = [
  'gradientScale',
  'beta1',
  'oneMinusBeta1',
  'beta2',
  'oneMinusBeta2',
  'mCorrection',
  'vCorrection',
  'epsilon',
  'learningRate',
] as const;

/** Numbers of the simple RNN's activations, an argument of its jobs. */
export const rnnActivations: Readonly<Record<RnnActivation, number>> = { tanh: 0, relu: 1, linear: 2 };
