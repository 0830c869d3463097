import * as l10n from '@vscode/l10n';
import type { RunState } from '../../protocol/panel.ts';

/** Numbers of the runs of this window that train or prepare, wait for their turn, and are paused. */
export interface StateCounts {
  readonly train: number;
  readonly wait: number;
  readonly paused: number;
}

export function countStates(states: readonly RunState[]): StateCounts {
  const count = (...counted: RunState[]) => states.filter((state) => counted.includes(state)).length;
  return { train: count('starting', 'running'), wait: count('waiting'), paused: count('paused') };
}

/** Describes numbers of runs, such as "2 train, 3 wait, 1 paused"; empty without runs. */
export function describeCounts({ train, wait, paused }: StateCounts): string {
  return [
    ...(train === 0 ? [] : [l10n.t('{0} train', train)]),
    ...(wait === 0 ? [] : [l10n.t('{0} wait', wait)]),
    ...(paused === 0 ? [] : [l10n.t('{0} paused', paused)]),
  ].join(', ');
}
