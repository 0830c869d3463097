import * as l10n from '@vscode/l10n';
import type { Applicable } from './applicable.ts';

/** Names of a step by the way to train; a model that is estimated from counts has no steps to name. */
const NAMES: Readonly<Record<Applicable['training'], (step: string) => string>> = {
  steps: (step) => l10n.t('step {0}', step),
  iterations: (step) => l10n.t('iteration {0}', step),
  counting: () => '',
};

/** Names a step of a run, such as "step 600" or "iteration 12"; empty for a model that is estimated from counts. */
export function nameStep({ training }: Pick<Applicable, 'training'>, step: number): string {
  return NAMES[training](step.toLocaleString('en'));
}
