import * as l10n from '@vscode/l10n';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { noPoints, type Points } from '../../charts/points.ts';

type Reaching = Pick<LessonRunView, 'lastStep' | 'settings'>;

/** Gradient of the last loss that training uses, by lag: it ends at the cut. */
export function reachingGradient({ lastStep, settings: { truncation } }: Reaching): Points {
  if (!lastStep) return noPoints;
  const y = truncation > 0 ? lastStep.curve.slice(0, truncation) : lastStep.curve;
  return { x: y.map((_, lag) => lag), y };
}

/** How much of the gradient reaches the letter. */
export function describeReach(label: string, { settings, lastStep }: Reaching): string[] {
  const { truncation, distance } = settings;
  if (!lastStep || distance === null) return [];
  // The letter at lag `distance` acts on the state of the same step.
  if (truncation > 0 && distance >= truncation)
    return [
      l10n.t(
        '{0}: the gradient ends {1} steps back. None of it reaches the letter, {2} steps back.',
        label,
        formatCount(truncation),
        formatCount(distance),
      ),
    ];
  const value = lastStep.curve[distance];
  if (value == null) return [];
  return [
    l10n.t(
      '{0}: {1} of the gradient at the last step reaches the letter, {2} steps back.',
      label,
      formatNumber(value),
      formatCount(distance),
    ),
  ];
}
