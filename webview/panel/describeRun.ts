import * as l10n from '@vscode/l10n';
import { formatCount } from '../charts/number.ts';
import { BUNDLED, nativeBackends } from '../../src/protocol/nativeBackends.ts';
import type { RunAction, RunProgress, RunState, RunView } from '../../src/protocol/panel.ts';
import { formatLossIn } from './format.ts';
import type { Baselines } from '../../src/protocol/events.ts';
import type { RunUnits } from '../../src/protocol/metrics.ts';
import { verdictLabels } from '../../src/protocol/verdictLabels.ts';
import { baselineName } from '../../src/config/baselines.ts';
import { say } from '../../src/phrases/phrase.ts';

/** Labels of the states of a run. */
export const stateLabels: Readonly<Record<RunState, string>> = {
  waiting: l10n.t('Waiting'),
  starting: l10n.t('Starting'),
  running: l10n.t('Training'),
  paused: l10n.t('Paused'),
  completed: l10n.t('Completed'),
  stopped: l10n.t('Stopped'),
  diverged: l10n.t('Diverged'),
  failed: l10n.t('Failed'),
  interrupted: l10n.t('Interrupted'),
  imported: l10n.t('Imported'),
};

/** A button for an action on the run. */
export interface ActionButton {
  readonly action: RunAction;
  readonly label: string;
  readonly title: string;
  /** True for the most likely action in a state. */
  readonly primary?: true;
  /** True for an action in the menu "More actions". */
  readonly inMenu?: true;
}

const pause = { action: 'pause', label: l10n.t('Pause'), title: l10n.t('Pause after the current step') } as const;
const unpause = {
  action: 'unpause',
  label: l10n.t('Continue'),
  title: l10n.t('Continue training'),
  primary: true,
} as const;
const stop = {
  action: 'stop',
  label: l10n.t('Stop'),
  title: l10n.t('Stop after the current step. You can resume the run later.'),
} as const;
const trainNext = {
  action: 'trainNext',
  label: l10n.t('Train next'),
  title: l10n.t('Train this run before all others in the queue'),
  primary: true,
} as const;
const leaveQueue = {
  action: 'leaveQueue',
  label: l10n.t('Remove from queue'),
  title: l10n.t('Take this run out of the queue. A run that has not begun is removed.'),
} as const;
const resume = {
  action: 'resume',
  label: l10n.t('Resume'),
  title: l10n.t('Continue from the last checkpoint'),
  primary: true,
} as const;
/** Resumes a run that was interrupted, which says "Continue". */
const goOn = {
  action: 'resume',
  label: l10n.t('Continue'),
  title: l10n.t('Continue training from the last checkpoint'),
  primary: true,
} as const;
const halve = {
  action: 'resumeWithHalfLearningRate',
  label: l10n.t('Resume with half the learning rate'),
  title: l10n.t('Continue from the last finite weights with half the learning rate'),
  primary: true,
} as const;
const clip = {
  action: 'resumeWithClipping',
  label: l10n.t('Resume with clipping'),
  title: l10n.t('Continue from the last finite weights with gradient clipping'),
} as const;
const onBundled = {
  action: 'resumeOnBundledBackend',
  label: l10n.t('Resume on {0}', BUNDLED),
  title: l10n.t('Continue from the last checkpoint on the bundled backend, which needs no GPU and no native library'),
} as const;
const trainLonger = {
  action: 'resume',
  label: l10n.t('Train longer...'),
  title: l10n.t('Continue from the last step with a higher limit of steps or seconds'),
  primary: true,
} as const;
const trainAgain = {
  action: 'trainAgain',
  label: l10n.t('Train again with changes...'),
  title: l10n.t('Start a new run on the same data, with settings changed from those of this run'),
} as const;
const runAgain = {
  action: 'runAgain',
  label: l10n.t('Run again'),
  title: l10n.t('Repeat this run as a new one, with the same data and backend, and compare each step with it'),
  inMenu: true,
} as const;
const generate = {
  action: 'generate',
  label: l10n.t('Generate'),
  title: l10n.t('Write a text with the model, token by token with the probabilities of each'),
} as const;
const compare = {
  action: 'compare',
  label: l10n.t('Compare with...'),
  title: l10n.t('Show this run next to other runs'),
  inMenu: true,
} as const;
const copy = {
  action: 'copyConfiguration',
  label: l10n.t('Copy configuration'),
  title: l10n.t('Copy the settings of this run as JSON, as a configuration file contains them'),
  inMenu: true,
} as const;
const exportPage = {
  action: 'exportPage',
  label: l10n.t('Export as a page...'),
  title: l10n.t('Write this run as one HTML file, which opens in any browser without network'),
  inMenu: true,
} as const;
const reveal = {
  action: 'reveal',
  label: l10n.t('Show files'),
  title: l10n.t("Open the run's folder"),
  inMenu: true,
} as const;

/** Actions on a run that is not training, besides resuming it. */
const afterTraining = [trainAgain, generate, compare, runAgain, copy, exportPage, reveal] as const;

/**
 * Actions for each state, the most likely one first. A diverged run has no plain resume, because it would diverge at
 * the same step again.
 */
const stateActions: Readonly<Record<RunState, readonly ActionButton[]>> = {
  waiting: [trainNext, leaveQueue],
  starting: [stop],
  running: [pause, stop],
  paused: [unpause, stop],
  completed: [trainLonger, ...afterTraining],
  stopped: [resume, ...afterTraining],
  diverged: [halve, clip, ...afterTraining],
  failed: [resume, onBundled, halve, clip, ...afterTraining],
  interrupted: [goOn, onBundled, ...afterTraining],
  imported: [generate, compare, copy, exportPage, reveal],
};

/** Actions on a run that another program trains and logs, which has no weights here. */
const loggedActions: readonly ActionButton[] = [compare, exportPage, reveal];

/**
 * Returns the actions for a run. Only runs on native backends, which may have failed, can move to the bundled one, only
 * models that write text generate, only a training by steps can go on after its end, and only the window that trains a
 * run can pause or stop it.
 */
export function actionsOf(
  {
    state,
    elsewhere = false,
    backend,
    applies,
    logged,
    waits,
  }: Pick<RunView, 'state' | 'elsewhere' | 'backend' | 'applies' | 'logged' | 'waits'>,
  step: number,
): readonly ActionButton[] {
  if (logged) return loggedActions;
  const without = new Set<ActionButton>([
    ...(nativeBackends.has(backend?.name ?? '') ? [] : [onBundled]),
    ...(applies.tabs.includes('generate') ? [] : [generate]),
    ...(applies.training === 'steps' ? [] : [trainLonger]),
    // It would go on with other rates than its curve is drawn over.
    ...(applies.rangeTest ? [trainLonger, halve, clip] : []),
    // Or beyond the last of them.
    ...(applies.rangeTest && step >= applies.rangeTest.steps ? [resume, goOn, onBundled] : []),
    ...(waits?.place === 1 && waits.until !== 'end' ? [trainNext] : []),
    ...(elsewhere ? [pause, unpause, stop] : []),
  ]);
  return stateActions[state].filter((button) => !without.has(button));
}

/** All action buttons. */
export const allActions: readonly ActionButton[] = [...new Set(Object.values(stateActions).flat())];

/** True if a trainer has loaded the run, so that it can generate samples. */
export function canSample(state: RunState): boolean {
  return state === 'running' || state === 'paused';
}

/** Describes the number of parameters and the training data in one line. */
export function describeSize({ parameters, facts }: RunView): string {
  return [...(parameters > 0 ? [l10n.t('{0} parameters', formatCount(parameters))] : []), ...facts.map(say)].join(
    ' \u00b7 ',
  );
}

/** Explains why a chart is empty. */
export function describeEmpty(state: RunState | null): string {
  switch (state) {
    case null:
      return l10n.t('No run is shown.');
    case 'waiting':
      return l10n.t('The run is in the queue.');
    case 'starting':
    case 'running':
      return l10n.t('Waiting for the first step.');
    case 'paused':
      return l10n.t('Paused before the first step.');
    case 'completed':
    case 'stopped':
    case 'diverged':
    case 'failed':
    case 'interrupted':
      return l10n.t('The run ended before its first step.');
    case 'imported':
      return l10n.t('The model was imported, without the curves of its training.');
  }
}

/**
 * Describes a validation loss relative to the baselines, such as "Step 150: validation loss 2.310 nats per character,
 * below the baseline "bigram" (2.45)."
 * @param when name of the step; empty for a model without steps
 * @param loss null if it is not finite
 */
export function describeValidation(when: string, loss: number | null, units: RunUnits, baselines: Baselines): string {
  const sentence = validationSentence(loss, units, baselines);
  return capitalized(when === '' ? sentence : `${when}: ${sentence}`);
}

/** The sentence as it continues after a colon. */
function validationSentence(loss: number | null, units: RunUnits, baselines: Baselines): string {
  if (loss === null) return l10n.t('the validation loss is not finite.');
  const value = `${formatLossIn(loss, units)} ${units.loss}`;
  const compared = comparison(loss, baselines);
  return compared === '' ? l10n.t('validation loss {0}.', value) : l10n.t('validation loss {0}, {1}.', value, compared);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Describes what the validations say about learning, such as "Overfitting: ..." and, if the model that is kept is not
 * the last one, "The model of step 200 is kept: validation loss 2.015." Empty while there is nothing to say.
 */
export function describeLearning(
  { step, learning, kept }: Pick<RunProgress, 'step' | 'learning' | 'kept'>,
  units: RunUnits,
): string {
  const found = learning?.findings[0];
  const isEarlier = kept !== null && kept.step < (learning?.step ?? step);
  return [
    ...(found ? [`${say(verdictLabels[found.verdict])}: ${say(found.sentence)}`] : []),
    ...(isEarlier && found?.verdict !== 'overfitting'
      ? [
          l10n.t(
            'The model of step {0} is kept: validation loss {1}.',
            formatCount(kept.step),
            formatLossIn(kept.loss, units),
          ),
        ]
      : []),
  ].join(' ');
}

/** Compares a loss to the baselines: below the lowest, above the highest, or between two of them. */
function comparison(loss: number, baselines: Baselines): string {
  const lines = Object.entries(baselines).sort(([, a], [, b]) => a - b);
  const above = lines.find(([, value]) => value > loss);
  const below = lines.findLast(([, value]) => value <= loss);
  const format = ([name, value]: [string, number]) => [say(baselineName(name)), value.toFixed(2)];
  if (above && below)
    return l10n.t('between the baseline "{0}" ({1}) and the baseline "{2}" ({3})', ...format(below), ...format(above));
  if (above) return l10n.t('below the baseline "{0}" ({1})', ...format(above));
  return below ? l10n.t('above the baseline "{0}" ({1})', ...format(below)) : '';
}
