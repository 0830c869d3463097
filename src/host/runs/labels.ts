import { type LabeledRun, labelRuns, type RunLabel } from '../../config/runLabel.ts';
import { visible } from '../../format/visible.ts';
import type { RunModel } from './runModel.ts';

/** Labels runs that are seen together; the labels do not depend on the order. */
export function labelsOf(runs: readonly RunModel[]): ReadonlyMap<string, RunLabel> {
  return labelRuns(runs.map(labeled));
}

/** Gives all runs of a list their labels. @returns those whose label has changed */
export function relabel(runs: readonly RunModel[]): RunModel[] {
  const labels = labelsOf(runs);
  return runs.filter((run) => {
    const label = labels.get(run.id);
    return label !== undefined && run.setLabel(label);
  });
}

function labeled({ id, config, createdAt, parent, states, view }: RunModel): LabeledRun {
  return { id, config, name: visible(view.name), createdAt, parent, states };
}
