import type { ProbeContext } from '../../../src/probes/takeProbe.ts';

/** A run that says nothing of itself. */
export const context: ProbeContext = {
  step: 0,
  source: 'batch',
  clippedShare: 0,
  thorough: true,
  settings: {
    cell: 'lstm',
    activation: 'tanh',
    forgetBias: 1,
    recurrentInitializer: 'orthogonal',
    recurrentGain: 1,
    learningRate: 0.01,
    clipNorm: 0,
    clipValue: 0,
    sequenceLength: 50,
  },
};
