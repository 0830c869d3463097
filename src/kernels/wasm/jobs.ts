/** What the kernels can do, by the numbers of `work` in assembly/index.ts. */
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
} as const;

export type Job = (typeof Job)[keyof typeof Job];
