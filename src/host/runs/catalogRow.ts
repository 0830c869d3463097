import { rowOf } from '../../catalog/row.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import type { RunModel } from './runModel.ts';

/** Row of a run in the table of runs, with the newest values while it trains. */
export function catalogRow(run: RunModel): RunRow {
  const { id, folder, config, createdAt, comparison, parent, annotations, best, learning } = run;
  const { name, state, backend, parameters, batchSize, title, difference } = run.view;
  const { step, seconds } = run.progress;
  const { trainLoss = null, validationLoss = null } = run.latest;
  return rowOf({
    id,
    folder,
    data: name,
    state,
    config,
    createdAt,
    comparison,
    parent,
    backend: backend?.name ?? null,
    parameters,
    batchSize,
    progress: { step, seconds, trainLoss, validationLoss, best, learning },
    title,
    difference,
    annotations,
  });
}
