import * as l10n from '@vscode/l10n';
import type { FieldPath } from '../../src/config/applicability.ts';

/** Fields under one heading. */
export interface FieldGroup {
  readonly id: string;
  readonly title: () => string;
  readonly paths: readonly FieldPath[];
}

/** The fields that are changed first, in the order of the page. */
export const BASICS: FieldGroup = {
  id: 'basics',
  title: () => l10n.t('Model and Training'),
  paths: [
    'task.tokens',
    'model.family',
    'model.cell',
    'model.layers',
    'model.units',
    'data.sequenceLength',
    'training.batchSize',
    'training.learningRate',
    'training.steps',
    'training.seconds',
    'seed',
  ],
};

/** All other fields, under "All settings". */
export const OTHER_GROUPS: readonly FieldGroup[] = [
  {
    id: 'task',
    title: () => l10n.t('Task'),
    paths: [
      'task.name',
      'task.distance',
      'task.longest',
      'task.textColumn',
      'task.labelColumn',
      'task.labelSeparator',
      'task.groupColumn',
      'task.wordRules',
      'task.lowerCase',
      'task.stripAccents',
      'task.wordColumn',
      'task.tagColumn',
      'task.target',
      'task.sourceColumn',
      'task.targetColumn',
      'task.column',
      'task.inputs',
      'task.timeColumn',
      'task.seriesColumn',
      'task.horizon',
      'task.strategy',
      'task.transform',
      'task.season',
      'task.calendar',
      'task.loss',
      'task.quantiles',
      'task.gaps',
      'task.doubles',
      'task.missing',
      'task.missingValues',
      'task.badRows',
      'task.minimumCount',
      'task.merges',
      'task.maximumVocabulary',
      'task.maximumLength',
      'task.classWeights',
      'task.wordDropout',
      'task.wordVectors',
      'task.validationSequences',
      'task.validationPairs',
      'task.beam',
    ],
  },
  {
    id: 'data',
    title: () => l10n.t('Data'),
    paths: [
      'data.train',
      'data.validation',
      'data.validationShare',
      'data.split',
      'data.validationLimit',
      'data.stride',
    ],
  },
  {
    id: 'network',
    title: () => l10n.t('Network'),
    paths: [
      'model.embedding',
      'model.tieWeights',
      'model.bidirectional',
      'model.dropout',
      'model.projection',
      'model.activation',
      'model.recurrence',
      'model.resetAfter',
      'model.bias',
      'model.pooling',
      'model.attention',
      'model.kernelWidths',
      'model.filters',
    ],
  },
  {
    id: 'counts',
    title: () => l10n.t('Models of Counts'),
    paths: ['model.features', 'model.ngrams', 'model.hidden', 'model.penalty', 'model.smoothing'],
  },
  {
    id: 'initialWeights',
    title: () => l10n.t('Initial Weights'),
    paths: [
      'model.kernelInitializer',
      'model.recurrentInitializer',
      'model.recurrentGain',
      'model.standardDeviation',
      'model.forgetBias',
    ],
  },
  {
    id: 'optimizer',
    title: () => l10n.t('Optimizer and Gradient'),
    paths: [
      'training.optimizer',
      'training.momentum',
      'training.weightDecay',
      'training.clipNorm',
      'training.clipValue',
      'training.truncation',
    ],
  },
  {
    id: 'schedule',
    title: () => l10n.t('Learning-Rate Schedule'),
    paths: [
      'training.schedule',
      'training.warmUp',
      'training.decayEvery',
      'training.decayFactor',
      'training.plateauPatience',
    ],
  },
  {
    id: 'end',
    title: () => l10n.t('Validation and End'),
    paths: [
      'training.validateEvery',
      'training.patience',
      'training.stopWhenSolved',
      'training.keepBest',
      'training.checkpointEvery',
    ],
  },
  {
    id: 'samples',
    title: () => l10n.t('Samples and Probes'),
    paths: [
      'sampling.every',
      'sampling.length',
      'sampling.temperature',
      'sampling.topK',
      'sampling.topP',
      'sampling.minP',
      'sampling.repetitionPenalty',
      'sampling.stop',
      'sampling.prompt',
      'probes.every',
    ],
  },
  { id: 'machine', title: () => l10n.t('Machine'), paths: ['backend', 'threads'] },
];
