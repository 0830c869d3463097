import { cells, hasField } from '../../config/cells.ts';
import type { RunConfig } from '../../config/schema.ts';
import { describeCriterion, type TaskDescription, tasks } from '../../config/tasks.ts';

/** Summarizes model and training, such as "LSTM 1 x 100, one-hot, T=50, B=16, seed 1". */
export function summarize({ task, model, data, training, seed }: RunConfig): string {
  const input = model.embedding === 0 ? 'one-hot' : `embedding ${model.embedding}`;
  const reads = tasks[task.name].reads === 'tokens' ? `, ${input}` : '';
  return `${cellName(model)} ${model.layers} x ${model.units}${reads}, T=${data.sequenceLength}${data.stride === 0 ? '' : ` every ${data.stride}`}, B=${training.batchSize}, seed ${seed}`;
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
  const solved = criterion ? ` Solved at ${describeCriterion(criterion, units)} on the validation ${units.items}.` : '';
  return `${definition} (${source}.)${solved}`;
}

/** Name of a cell in prose, such as "GRU" or "RNN (relu)". */
export function cellName({ cell, activation }: Pick<RunConfig['model'], 'cell' | 'activation'>): string {
  const { title } = cells[cell];
  return hasField(cell, 'activation') && activation !== 'tanh' ? `${title} (${activation})` : title;
}
