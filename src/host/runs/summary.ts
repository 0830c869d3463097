import { hasEffect } from '../../config/applicability.ts';
import { modelKind } from '../../config/modelKind.ts';
import type { RunConfig } from '../../config/schema.ts';
import { describeCriterion, type TaskDescription } from '../../config/tasks.ts';
import { phrase, say, sentences } from '../../phrases/phrase.ts';

/** Summarizes model and training, such as "LSTM 1x100, one-hot, T=50, B=16, seed 1", as far as they apply. */
export function summarize(config: RunConfig, states: number | null = null): string {
  const { model, data, training, seed } = config;
  const parts: readonly [string, string][] = [
    ['model.embedding', model.embedding === 0 ? 'one-hot' : `embedding ${model.embedding}`],
    ['data.sequenceLength', `T=${data.sequenceLength}${data.stride === 0 ? '' : ` every ${data.stride}`}`],
    ['training.batchSize', `B=${training.batchSize}`],
  ];
  const applicable = parts.flatMap(([path, text]) => (hasEffect(config, path) ? [text] : []));
  return [modelKind(config, states), ...applicable, `seed ${seed}`].join(', ');
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
  const moving = optimizer === 'sgd' && momentum > 0 ? `, momentum ${momentum}` : '';
  const decay = weightDecay > 0 ? `, weight decay ${weightDecay}` : '';
  const rate = `${OPTIMIZERS[optimizer]} ${learningRate}${moving}${decay}`;
  const clipping = [
    ...(clipNorm === 0 ? [] : [`clip norm ${clipNorm}`]),
    ...(clipValue === 0 ? [] : [`clip value ${clipValue}`]),
  ];
  const limit = seconds === 0 ? '' : ` or ${seconds} s`;
  return `${rate}, ${clipping.join(', ') || 'no clipping'}, ${steps} steps${limit}, backend ${backend}`;
}

/** Describes a task: definition, source and criterion. */
export function describeTask({ definition, source, criterion, units }: TaskDescription): string {
  const defined = phrase('{0} ({1}.)', definition, source);
  const solved =
    criterion && phrase('Solved at {0} on the {1}.', describeCriterion(criterion, units), units.validationItems);
  return say(sentences(defined, solved));
}
