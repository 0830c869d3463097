import type { RunState } from '../../protocol/panel.ts';
import { formatLoss } from './formatLoss.ts';
import type { RunModel } from './runModel.ts';

/**
 * Describes the progress of a run, such as "step 1200 · 1.83 nats". Uses the validation loss if there is one.
 */
export function describeRun(run: RunModel): string {
  const { state, units } = run.view;
  const { step, loss } = run;
  const parts = [
    ...(state === 'running' || state === 'completed' ? [] : [state]),
    ...(state === 'starting' ? [] : [`step ${step}`]),
    ...(loss === null ? [] : [formatLoss(loss, units)]),
  ];
  return parts.join(' · ');
}

const icons: Record<RunState, string> = {
  starting: 'loading~spin',
  running: 'pulse',
  paused: 'debug-pause',
  completed: 'pass',
  stopped: 'debug-stop',
  diverged: 'warning',
  failed: 'error',
  interrupted: 'debug-disconnect',
};

/** Name of the codicon for a state. */
export function runIcon(state: RunState): string {
  return icons[state];
}
