import * as l10n from '@vscode/l10n';
import { isKnown } from './applicability.ts';
import { cells, hasField } from './cells.ts';
import type { ModelConfig, RunConfig } from './schema.ts';
import { tasks } from './tasks.ts';

/** Maximum number of hidden states of a class's Markov model; the cost of an iteration grows with its square. */
const MAX_STATES = 50;

/** Number of hidden states of the Markov model of each class, in classification. */
export function markovStates({ units }: Pick<ModelConfig, 'units'>): number {
  return Math.min(units, MAX_STATES);
}

/**
 * Number of states of a tagger's Markov model, one for each tag, from its baselines; null for other models, and before
 * the run starts.
 */
export function taggerStates(
  { task, model }: RunConfig,
  baselines: Readonly<Record<string, number>> | null,
): number | null {
  const guess = baselines?.[tasks[task.name].references.guess];
  if (task.name !== 'tagging' || model.family !== 'hidden-markov' || guess === undefined) return null;
  // A uniform guess over K tags has a loss of ln K.
  return Math.round(Math.exp(guess));
}

type Kind = Pick<RunConfig, 'model'> & { readonly task: Pick<RunConfig['task'], 'name'> };

/** Names of the families, with what determines their size. */
const families: Readonly<Record<ModelConfig['family'], (kind: Kind, states: number | null) => string>> = {
  recurrent: ({ task, model }) => {
    const direction = model.bidirectional ? l10n.t('bidirectional {0}', cellName(model)) : cellName(model);
    const cell = tasks[task.name].arrangement === 'delayed' ? l10n.t('{0} encoder-decoder', direction) : direction;
    return `${cell} ${model.layers}x${model.units}`;
  },
  convolutional: ({ model }) => l10n.t('CNN {0} x {1}', model.kernelWidths, model.filters),
  'bag-of-words': ({ model }) =>
    model.hidden === 0
      ? l10n.t('Bag of words, logistic regression')
      : l10n.t('Bag of words, {0} hidden units', model.hidden),
  'naive-bayes': () => l10n.t('Bag of words, naive Bayes'),
  'hidden-markov': ({ task, model }, known) => {
    // The states of a tagger are the tags of its data.
    const states = task.name === 'tagging' ? known : markovStates(model);
    return states === null ? l10n.t('HMM') : l10n.t('HMM, {0} states', states);
  },
};

/**
 * Names a model by its family or cell and its size, such as "GRU 1x100", "HMM, 12 states" or "LSTM encoder-decoder 1x64".
 * @param states number of states of a tagger's Markov model, which depends on its data; null while it is unknown
 */
export function modelKind(config: Kind, states: number | null = null): string {
  if (!isKnown(config, 'model.cell')) return l10n.t('Network');
  if (!isKnown(config, 'model.units')) return cellName(config.model);
  return families[config.model.family](config, states);
}

/** Name of a cell in prose, such as "GRU" or "RNN (relu)". */
export function cellName({ cell, activation }: Pick<ModelConfig, 'cell' | 'activation'>): string {
  const { title } = cells[cell];
  return hasField(cell, 'activation') && activation !== 'tanh' ? `${title} (${activation})` : title;
}
