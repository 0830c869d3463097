import * as l10n from '@vscode/l10n';
import type { Applicable } from './applicable.ts';

/** Names of a step by the way to train; a model that is estimated from counts has no steps to name. */
const NAMES: Readonly<Record<Applicable['training'], (step: string) => string>> = {
  steps: (step) => l10n.t('step {0}', step),
  iterations: (step) => l10n.t('iteration {0}', step),
  counting: () => '',
};

/** Numbers of steps by the way to train. */
const COUNTS: Readonly<Record<Applicable['training'], (steps: number) => string>> = {
  steps: (steps) => (steps === 1 ? l10n.t('1 step') : l10n.t('{0} steps', steps.toLocaleString('en'))),
  iterations: (steps) => (steps === 1 ? l10n.t('1 iteration') : l10n.t('{0} iterations', steps.toLocaleString('en'))),
  counting: () => l10n.t('one pass over the data'),
};

/** Counts the steps of a run, such as "5,000 steps", "37 iterations" or "one pass over the data". */
export function countSteps({ training }: Pick<Applicable, 'training'>, steps: number): string {
  return COUNTS[training](steps);
}

/** Names a step of a run, such as "step 600" or "iteration 12"; empty for a model that is estimated from counts. */
export function nameStep({ training }: Pick<Applicable, 'training'>, step: number): string {
  return NAMES[training](step.toLocaleString('en'));
}
