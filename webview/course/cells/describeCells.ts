import * as l10n from '@vscode/l10n';
import { baselineName } from '../../../src/config/baselines.ts';
import { say } from '../../../src/phrases/phrase.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { rounded } from './untrainedCells.ts';

/** A run of the lesson with its label. */
export interface LabeledRun {
  readonly label: string;
  readonly run: LessonRunView;
}

/**
 * What the runs have learned, lowest loss first.
 * @param guess name of the baseline that a model without memory reaches; omitted to compare with none
 */
export function describeLearning(runs: readonly LabeledRun[], guess = ''): string[] {
  const scored = runs.flatMap(({ label, run }) => (run.best ? [{ label, run, best: run.best }] : []));
  if (scored.length === 0) return [];
  const reference = scored[0]?.run.baselines[guess];
  const parts = scored
    .sort((a, b) => a.best.loss - b.best.loss)
    .map(({ label, best }) => l10n.t('{0} {1} (step {2})', label, formatNumber(best.loss), formatCount(best.step)));
  return [
    reference === undefined
      ? l10n.t('Lowest validation losses: {0}.', parts.join(', '))
      : l10n.t(
          'Lowest validation losses: {0}. Without memory, the guess "{1}" has {2}.',
          parts.join(', '),
          say(baselineName(guess)),
          rounded(reference, 3),
        ),
    ...(reference === undefined ? [] : compareToGuess(scored, reference)),
  ];
}

/** Share of the guess's loss below which a run has clearly learned the task, and above which it has learned nothing. */
const LEARNED = 0.5;
const NOTHING = 0.95;

function compareToGuess(scored: readonly (LabeledRun & { best: { loss: number } })[], reference: number): string[] {
  const names = (chosen: typeof scored) => chosen.map(({ label }) => label).join(', ');
  const learned = scored.filter(({ best }) => best.loss < LEARNED * reference);
  const nothing = scored.filter(({ best }) => best.loss > NOTHING * reference);
  return [
    ...(learned.length > 0 ? [l10n.t('Below half of it: {0}.', names(learned))] : []),
    ...(nothing.length > 0 ? [l10n.t('No better than it: {0}.', names(nothing))] : []),
  ];
}

/** Rise of the last validation loss over the lowest one that is worth a mention. */
const RISE = 1.05;

/** Runs whose validation loss has risen after its lowest value. */
export function describeRise(runs: readonly LabeledRun[]): string[] {
  return runs.flatMap(({ label, run: { best, step, curves } }) => {
    const last = curves.validationLoss?.at(-1);
    if (best === null || last == null || last <= RISE * best.loss) return [];
    return [
      l10n.t(
        '{0}: the validation loss was lowest at step {1} and has risen to {2} at step {3}: the network memorizes the training text.',
        label,
        formatCount(best.step),
        formatNumber(last),
        formatCount(step),
      ),
    ];
  });
}

/** How the gradient of each run at a lag has changed since its first probe. */
export function describeOpening(runs: readonly LabeledRun[], lag: number): string[] {
  return runs.flatMap(({ label, run: { firstFlow, flow } }) => {
    const before = firstFlow?.median[lag];
    const after = flow?.median[lag];
    if (before == null || after == null || !firstFlow || !flow || flow.step === firstFlow.step) return [];
    return [
      l10n.t(
        '{0}: the gradient at lag {1} is {2} of lag 0 at step {3} and {4} at step {5}.',
        label,
        lag,
        rounded(before),
        formatCount(firstFlow.step),
        rounded(after),
        formatCount(flow.step),
      ),
    ];
  });
}
