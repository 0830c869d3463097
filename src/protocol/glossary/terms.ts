import { phrase, type Text } from '../../phrases/phrase.ts';
import type { ActivationName } from '../probes.ts';

/** Names of the terms of the glossary, in the order of the reference. */
export const TERM_IDS = [
  'loss',
  'bits',
  'perplexity',
  'baselines',
  'accuracy',
  'macroF1',
  'calibration',
  'surprisal',
  'temperature',
  'learningRate',
  'throughput',
  'gradientNorm',
  'clipping',
  'clippedSteps',
  'updateRatio',
  'probe',
  'lag',
  'lastStepGradient',
  'growthPerStep',
  'effectiveMemory',
  'summedGradient',
  'lagMatrix',
  'jacobian',
  'recurrentKernel',
  'truncation',
  'unit',
  'hiddenState',
  'cellState',
  'inputGate',
  'forgetGate',
  'candidate',
  'outputGate',
  'updateGate',
  'resetGate',
  'forgetProduct',
  'saturation',
  'connectivity',
  'confusionMatrix',
  'attention',
  'emissions',
  'forward',
  'backward',
  'posterior',
  'viterbi',
] as const;

export type TermId = (typeof TERM_IDS)[number];

/** Terms of the gates and states of a cell. */
export const activationTerms: Readonly<Record<ActivationName, TermId>> = {
  input: 'inputGate',
  forget: 'forgetGate',
  candidate: 'candidate',
  output: 'outputGate',
  update: 'updateGate',
  reset: 'resetGate',
  cellState: 'cellState',
  hidden: 'hiddenState',
};

/** Terms of the scores of a validation, by their names. */
export const scoreTerms: ReadonlyMap<string, TermId> = new Map(
  Object.entries({
    accuracy: 'accuracy',
    tokenAccuracy: 'accuracy',
    sentenceAccuracy: 'accuracy',
    sequenceAccuracy: 'accuracy',
    exactMatch: 'accuracy',
    macroF1: 'macroF1',
  } as const satisfies Record<string, TermId>),
);

/** Terms of the blocks of the tab Results, with the titles of the blocks. */
export const blockTerms: readonly { readonly title: Text; readonly term: TermId }[] = [
  { title: phrase('Confusion matrix'), term: 'confusionMatrix' },
  { title: phrase('Validation pairs'), term: 'attention' },
  { title: phrase('States of the hidden Markov model'), term: 'emissions' },
  { title: phrase('Trellis of a sentence'), term: 'viterbi' },
];
