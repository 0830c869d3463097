import { hasEffect } from '../config/applicability.ts';
import { rangeTestRates } from '../config/rangeTest.ts';
import type { RunConfig } from '../config/schema.ts';
import { tasks } from '../config/tasks.ts';
import { type Applicable, type TabName, tabName } from './applicable.ts';
import { seriesName, type SeriesName } from './metrics.ts';

/** The conditions under which a run has each tab. */
const TABS: Readonly<Record<TabName, (config: RunConfig) => boolean>> = {
  loss: () => true,
  results: ({ task }) => tasks[task.name].reports,
  // Models that convert texts have a beam width.
  generate: ({ task }) => tasks[task.name].writes || 'beam' in task,
  gradients: isRecurrent,
  gates: readsText,
  explain: readsText,
  text: (config) => readsText(config) && config.task.name === 'language-model',
  compare: () => true,
};

/** The conditions under which a run has each measured metric. */
const METRICS: Readonly<Record<SeriesName, (config: RunConfig) => boolean>> = {
  trainLoss: () => true,
  validationLoss: () => true,
  // A quasi-Newton method has a gradient, but does not clip it and chooses the size of its steps.
  gradientNorm: ({ model }) => model.family === 'bag-of-words' || isNetwork(model),
  clippedGradientNorm: (config) => hasEffect(config, 'training.clipNorm'),
  learningRate: (config) => hasEffect(config, 'training.learningRate'),
  // One pass over the data has no curve of its speed.
  itemsPerSecond: (config) => trainingOf(config) !== 'counting',
};

/** The conditions under which the configuration fixes the value of a metric. */
const FIXED: Readonly<Partial<Record<SeriesName, (config: RunConfig) => boolean>>> = {
  learningRate: ({ training }) => training.schedule === 'constant' && training.warmUp === 0,
};

/** Tasks whose answers say more than their loss. */
const ANSWERS_FIRST: ReadonlySet<RunConfig['task']['name']> = new Set(['classification', 'tagging']);

/** What a run with a configuration has. */
export function applicableTo(config: RunConfig): Applicable {
  const rangeTest = rangeTestRates(config);
  return {
    tabs: tabName.options.filter((tab) => TABS[tab](config)),
    firstTab: ANSWERS_FIRST.has(config.task.name) ? 'results' : 'loss',
    metrics: seriesName.options.filter((metric) => METRICS[metric](config)),
    fixed: seriesName.options.filter((metric) => FIXED[metric]?.(config) === true),
    training: trainingOf(config),
    ...(rangeTest && { rangeTest }),
  };
}

/** How the model of a configuration is trained. */
function trainingOf({ task, model }: RunConfig): Applicable['training'] {
  switch (model.family) {
    case 'recurrent':
    case 'convolutional':
      return 'steps';
    case 'bag-of-words':
      return 'iterations';
    case 'naive-bayes':
      return 'counting';
    case 'hidden-markov':
      // The states of a tagger are given by the data; those of a classifier are found by the Baum-Welch algorithm.
      return task.name === 'tagging' ? 'counting' : 'iterations';
  }
}

function isNetwork({ family }: RunConfig['model']): boolean {
  return family === 'recurrent' || family === 'convolutional';
}

function isRecurrent({ model }: RunConfig): boolean {
  return model.family === 'recurrent';
}

/** Whether the model has states that follow any given text: a language model, or a classifier with an answer at every step. */
function readsText(config: RunConfig): boolean {
  const { task, model } = config;
  if (!isRecurrent(config)) return false;
  return (
    task.name === 'language-model' ||
    (task.name === 'classification' && !model.bidirectional && model.pooling === 'last')
  );
}
