import { type LabeledRun, labelRuns } from '../../config/runLabel.ts';
import { taskOf } from '../../config/tasks.ts';
import { spokenUnits } from '../../protocol/metrics.ts';
import type { ReportRun } from '../../protocol/reportPage.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import type { AnnotatedRun } from '../../protocol/annotations.ts';
import { runColor } from '../color.ts';
import { itemsPerStep } from '../../config/itemsPerStep.ts';

/** A run that a report shows, stored or in training. */
export interface ShownRun extends LabeledRun {
  readonly batchSize: number;
  readonly annotations: AnnotatedRun;
  readonly row: RunRow;
}

/** The runs of a report with labels that tell them apart from each other. */
export function reportRuns(runs: readonly ShownRun[]): ReportRun[] {
  const labels = labelRuns(runs);
  return runs.map(({ id, config, batchSize, annotations, row }) => ({
    id,
    label: annotations.name ?? labels.get(id)?.text ?? id,
    color: runColor(id, annotations.color),
    row,
    units: spokenUnits(taskOf(config.task).units),
    itemsPerStep: itemsPerStep(config, batchSize),
  }));
}
