import type { RunConfig } from '../../config/schema.ts';

/** Model and training in a line, such as "LSTM 1 x 100, one-hot, T=50, B=16, seed 1". */
export function summarize({ model, data, training, seed }: RunConfig): string {
  const input = model.embedding === 0 ? 'one-hot' : `embedding ${model.embedding}`;
  return `${cellName(model.cell)} ${model.layers} x ${model.units}, ${input}, T=${data.sequenceLength}, B=${training.batchSize}, seed ${seed}`;
}

/** What the summary leaves out: how it is trained, for how long, and on what. */
export function summarizeTraining({ training, backend }: RunConfig): string {
  const clipping = training.clipNorm === 0 ? 'no clipping' : `clip norm ${training.clipNorm}`;
  const limit = training.seconds === 0 ? '' : ` or ${training.seconds} s`;
  return `Adam ${training.learningRate}, ${clipping}, ${training.steps} steps${limit}, backend ${backend}`;
}

/** A cell as it is written in prose. */
export function cellName(cell: RunConfig['model']['cell']): string {
  return cell.toUpperCase();
}
