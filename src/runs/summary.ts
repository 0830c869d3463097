import * as l10n from '@vscode/l10n';
import { hasEffect, isKnown } from '../config/applicability.ts';
import { modelKind } from '../config/modelKind.ts';
import type { RunConfig } from '../config/schema.ts';
import { describeCriterion, type TaskDescription } from '../config/tasks.ts';
import { phrase, say, sentences } from '../phrases/phrase.ts';

/** Summarizes model and training, such as "LSTM 1x100, one-hot, T=50, B=16, seed 1", as far as they apply. */
export function summarize(config: RunConfig, states: number | null = null): string {
  const { model, data, training, seed } = config;
  const parts: readonly [string, string][] = [
    ['model.embedding', model.embedding === 0 ? l10n.t('one-hot') : l10n.t('embedding {0}', model.embedding)],
    [
      'data.sequenceLength',
      data.stride === 0 ? `T=${data.sequenceLength}` : l10n.t('T={0} every {1}', data.sequenceLength, data.stride),
    ],
    ['training.batchSize', `B=${training.batchSize}`],
  ];
  const applicable = parts.flatMap(([path, text]) => (hasEffect(config, path) ? [text] : []));
  const drawn = isKnown(config, 'seed') ? [l10n.t('seed {0}', seed)] : [];
  return [modelKind(config, states), ...applicable, ...drawn].join(', ');
}

/** Names of the optimizers in prose. */
const OPTIMIZERS: Readonly<Record<RunConfig['training']['optimizer'], string>> = {
  adam: 'Adam',
  adamw: 'AdamW',
  sgd: 'SGD',
  rmsprop: 'RMSProp',
  adagrad: 'Adagrad',
};

/** Summarizes the settings that `summarize` omits: optimizer, limits and backend. */
export function summarizeTraining({ training, backend }: RunConfig): string {
  const { optimizer, learningRate, momentum, weightDecay, clipNorm, clipValue, steps, seconds } = training;
  return [
    `${OPTIMIZERS[optimizer]} ${learningRate}`,
    ...(optimizer === 'sgd' && momentum > 0 ? [l10n.t('momentum {0}', momentum)] : []),
    ...(weightDecay > 0 ? [l10n.t('weight decay {0}', weightDecay)] : []),
    ...(clipNorm === 0 ? [] : [l10n.t('clip norm {0}', clipNorm)]),
    ...(clipValue === 0 ? [] : [l10n.t('clip value {0}', clipValue)]),
    ...(clipNorm === 0 && clipValue === 0 ? [l10n.t('no clipping')] : []),
    seconds === 0 ? l10n.t('{0} steps', steps) : l10n.t('{0} steps or {1} s', steps, seconds),
    l10n.t('backend {0}', backend),
  ].join(', ');
}

/** Describes a task: definition, source and criterion. */
export function describeTask({ definition, source, criterion, units }: TaskDescription): string {
  const defined = phrase('{0} ({1}.)', definition, source);
  const solved =
    criterion && phrase('Solved at {0} on the {1}.', describeCriterion(criterion, units), units.validationItems);
  return say(sentences(defined, solved));
}
