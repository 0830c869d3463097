import type { ProbeContext } from '../../../src/probes/takeProbe.ts';

/** Context of a run without any facts. */
export const context: ProbeContext = {
  step: 0,
  source: 'batch',
  start: 'zero',
  clippedShare: 0,
  learning: null,
  sequences: 64,
  distance: null,
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
