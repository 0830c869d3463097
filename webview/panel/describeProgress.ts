import * as l10n from '@vscode/l10n';
import { formatCount } from '../charts/number.ts';
import type { RunProgress, RunView } from '../../src/protocol/panel.ts';
import { countSteps } from '../../src/protocol/steps.ts';
import { describeWaits } from '../../src/protocol/waits.ts';
import { formatDuration } from './format.ts';

type Describe = (run: RunView, progress: RunProgress) => string;

/**
 * Returns the completed fraction of a run, by its steps or its time limit, whichever is further. A completed run may
 * have ended before both: it was solved, stopped improving, or its fit has converged.
 */
export function fractionDone({ state, steps, secondsLimit, logged }: RunView, { step, seconds }: RunProgress): number {
  if (state === 'completed') return 1;
  if (logged && !logged.planned) return 0;
  return Math.min(1, Math.max(step / steps, secondsLimit > 0 ? seconds / secondsLimit : 0));
}

/**
 * Describes the progress of a run, such as "Step 150 of 2,000, about 1 min 20 s left"; that of a model that is fitted
 * to the whole data in its own words, such as "Converged after 37 iterations, 2 s".
 */
export function describeProgress(run: RunView, progress: RunProgress): string {
  if (run.waits) return describeWaits(run.waits);
  return run.state === 'starting' ? PREPARING[run.applies.training]() : FORMS[run.applies.training](run, progress);
}

/** Progress before the first step, by the way to train. */
const PREPARING: Readonly<Record<RunView['applies']['training'], () => string>> = {
  steps: () => l10n.t('Preparing the first step'),
  iterations: () => l10n.t('Reading the data'),
  counting: () => l10n.t('Reading the data'),
};

/** Progress by the way to train. */
const FORMS: Readonly<Record<RunView['applies']['training'], Describe>> = {
  steps: describeSteps,
  iterations: describeIterations,
  counting: (_, { step, seconds }) =>
    step === 0
      ? l10n.t('Counting in the data')
      : l10n.t('Estimated from counts in one pass over the data: {0}', formatDuration(seconds)),
};

function describeSteps(
  { state, steps, secondsLimit, logged }: RunView,
  { step, seconds, secondsLeft }: RunProgress,
): string {
  if (state === 'imported') return '';
  // Omits the number of steps if it is not known, or if the time limit ends the run first.
  const reached =
    (logged && !logged.planned) || (secondsLimit > 0 && seconds / secondsLimit >= step / steps)
      ? l10n.t('Step {0}', formatCount(step))
      : l10n.t('Step {0} of {1}', formatCount(step), formatCount(steps));
  if (state === 'running' && logged && !logged.planned) return reached;
  if (state === 'running') {
    return secondsLeft === null
      ? l10n.t('{0}, estimating time left', reached)
      : l10n.t('{0}, about {1} left', reached, formatDuration(secondsLeft));
  }
  const spent = formatDuration(seconds);
  return state === 'paused'
    ? l10n.t('{0}, paused after {1} of training', reached, spent)
    : l10n.t('{0}, ended after {1} of training', reached, spent);
}

/** Describes a fit, which ends when it has converged, whatever the limit. */
function describeIterations({ state, steps }: RunView, { step, seconds }: RunProgress): string {
  if (state === 'running') return l10n.t('Iteration {0} of at most {1}', formatCount(step), formatCount(steps));
  const iterations = countSteps({ training: 'iterations' }, step);
  const spent = formatDuration(seconds);
  if (state === 'paused') return l10n.t('Paused after {0}, {1}', iterations, spent);
  return state === 'completed' && step < steps
    ? l10n.t('Converged after {0}, {1}', iterations, spent)
    : l10n.t('Ended after {0}, {1}', iterations, spent);
}
