import { type Criterion, criterionWords, type TaskDescription } from '../config/tasks.ts';
import type { Validation } from '../training/trainingTask.ts';

/** Whether a validation meets the criterion of a task. */
export function meets(criterion: Criterion, { loss, scores }: Validation): boolean {
  if ('atMost' in criterion) return loss <= criterion.atMost;
  return (scores?.[criterion.measure] ?? -Infinity) >= criterion.atLeast;
}

/** Why a run ended early, such as "Solved at step 900: accuracy of at least 0.99 on the validation sequences." */
export function solvedWords(step: number, criterion: Criterion, { units }: TaskDescription): string {
  return `Solved at step ${step}: ${criterionWords(criterion, units)} on the validation ${units.items}.`;
}
