import { rowOf } from '../../catalog/row.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import type { RunModel } from './runModel.ts';

/** Row of a run in the table of runs, with the newest values while it trains. */
export function catalogRow(run: RunModel): RunRow {
  const { id, folder, config, createdAt, comparison, parent, sweep, states, annotations, best, learning, difference, setup } =
    run;
  const { name, state, message, backend, parameters, batchSize, title } = run.view;
  const { step, seconds } = run.progress;
  const { trainLoss = null, validationLoss = null } = run.latest;
  return rowOf({
    id,
    folder,
    data: name,
    state,
    message,
    config,
    createdAt,
    comparison,
    parent,
    sweep,
    backend: backend?.name ?? null,
    parameters,
    batchSize,
    states,
    progress: { step, seconds, trainLoss, validationLoss, best, learning },
    title,
    difference,
    setup,
    annotations,
  });
}

/** What a row follows from: equal values and identical objects give an equal row, which is expensive to make. */
export function rowState({ view, annotations, learning, best, progress, latest }: RunModel): readonly unknown[] {
  const { step, seconds } = progress;
  return [view, annotations, learning, step, seconds, latest.trainLoss, latest.validationLoss, best?.step, best?.loss];
}
