import * as l10n from '@vscode/l10n';
import type { LessonId } from '../../../src/protocol/lessons/lessons.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { runLabel } from './lessonRuns.ts';

/** How a run of a task with a criterion has ended; nothing while it is training. */
export function describeEnd(lesson: LessonId, run: LessonRunView, runs: readonly LessonRunView[]): string[] {
  const loss = run.curves.validationLoss?.at(-1);
  const label = runLabel(lesson, run, runs);
  if (run.state === 'diverged')
    return [l10n.t('{0}: diverged at step {1}: {2}', label, formatCount(run.step), run.message ?? '')];
  if (run.state !== 'completed' || loss == null) return [];
  const { accuracy } = run.scores;
  const values = [label, formatCount(run.step), formatNumber(loss)] as const;
  if (run.solved) return [l10n.t('{0}: solved after {1} steps, with a validation loss of {2}.', ...values)];
  return [
    accuracy === undefined
      ? l10n.t('{0}: not solved before the last step, {1}. The validation loss is {2}.', ...values)
      : l10n.t(
          '{0}: not solved before the last step, {1}. The validation loss is {2}, and {3} % of the answers are right.',
          ...values,
          formatNumber(100 * accuracy),
        ),
  ];
}
