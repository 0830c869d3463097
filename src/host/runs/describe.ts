import * as l10n from '@vscode/l10n';
import type { RunState } from '../../protocol/panel.ts';
import { nameStep } from '../../protocol/steps.ts';
import { verdictLabels } from '../../protocol/verdictLabels.ts';
import { formatLoss } from './formatLoss.ts';
import type { RunModel } from './runModel.ts';
import { stateName } from '../../protocol/stateName.ts';
import { describeWaits } from '../../protocol/waits.ts';
import { say } from '../../phrases/phrase.ts';

/**
 * Describes the progress of a run, such as "step 1200 · 1.83 nats", or with the step of a kept model and a verdict,
 * "step 1200 · 2.02 nats at step 200 · Overfitting".
 */
export function describeRun(run: RunModel): string {
  const { state, units, applies, waits } = run.view;
  const { step, loss, kept, finding } = run;
  const where = kept && kept.step !== step ? nameStep(applies, kept.step) : '';
  const shown = loss === null ? '' : formatLoss(loss, units);
  const parts = [
    ...(state === 'running' || state === 'completed' ? [] : [stateName(state)]),
    ...(waits ? [describeWaits(waits)] : []),
    ...(state === 'starting' || (waits && step === 0) ? [] : [nameStep(applies, step)].filter(Boolean)),
    ...(shown === '' ? [] : [where === '' ? shown : l10n.t('{0} at {1}', shown, where)]),
    ...(finding ? [say(verdictLabels[finding.verdict])] : []),
  ];
  return parts.join(' · ');
}

const icons: Record<RunState, string> = {
  waiting: 'clock',
  starting: 'loading~spin',
  running: 'pulse',
  paused: 'debug-pause',
  completed: 'pass',
  stopped: 'debug-stop',
  diverged: 'warning',
  failed: 'error',
  interrupted: 'debug-disconnect',
  imported: 'cloud-download',
};

/** Name of the codicon for a state. */
export function runIcon(state: RunState): string {
  return icons[state];
}
