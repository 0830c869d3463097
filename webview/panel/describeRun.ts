import { formatCount } from '../charts/number.ts';
import { BUNDLED, nativeBackends } from '../../src/protocol/nativeBackends.ts';
import type { RunAction, RunProgress, RunState, RunView } from '../../src/protocol/panel.ts';
import { formatDuration } from './format.ts';

/** What a run is doing, in a word or two. */
export const stateLabels: Readonly<Record<RunState, string>> = {
  starting: 'Starting',
  running: 'Training',
  paused: 'Paused',
  completed: 'Completed',
  stopped: 'Stopped',
  diverged: 'Diverged',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

/** A button for an action on the run. */
export interface ActionButton {
  readonly action: RunAction;
  readonly label: string;
  readonly title: string;
  /** What a user in this place most likely wants. */
  readonly primary?: true;
}

const pause = { action: 'pause', label: 'Pause', title: 'Hold the run after the current step' } as const;
const unpause = { action: 'unpause', label: 'Continue', title: 'Go on training', primary: true } as const;
const stop = {
  action: 'stop',
  label: 'Stop',
  title: 'End the run after the current step; it can be resumed later',
} as const;
const resume = { action: 'resume', label: 'Resume', title: 'Go on from the last checkpoint', primary: true } as const;
const halve = {
  action: 'resumeWithHalfLearningRate',
  label: 'Resume with half the learning rate',
  title: 'Go on from the last good weights with half the learning rate',
  primary: true,
} as const;
const clip = {
  action: 'resumeWithClipping',
  label: 'Resume with clipping',
  title: 'Go on from the last good weights and scale large gradients down',
} as const;
const elsewhere = {
  action: 'resumeOnBundledBackend',
  label: `Resume on ${BUNDLED}`,
  title: 'Go on from the last checkpoint on the bundled backend, which needs neither a GPU nor a native library',
} as const;
const reveal = { action: 'reveal', label: 'Show files', title: "Show the run's folder" } as const;

/**
 * The actions that make sense in a state, the most likely one first. A diverged run is not offered a plain
 * resume: with the same numbers it would diverge at the same step again.
 */
export const stateActions: Readonly<Record<RunState, readonly ActionButton[]>> = {
  starting: [stop],
  running: [pause, stop],
  paused: [unpause, stop],
  completed: [reveal],
  stopped: [resume, reveal],
  diverged: [halve, clip, reveal],
  failed: [resume, elsewhere, halve, clip, reveal],
  interrupted: [resume, elsewhere, reveal],
};

/** What can be done with this run now: it goes elsewhere only from native code, which may be what it failed of. */
export function actionsOf({ state, backend }: Pick<RunView, 'state' | 'backend'>): readonly ActionButton[] {
  const native = nativeBackends.has(backend?.name ?? '');
  return stateActions[state].filter((button) => native || button !== elsewhere);
}

/** Every button there can be, each once. */
export const allActions: readonly ActionButton[] = [pause, unpause, stop, resume, elsewhere, halve, clip, reveal];

/** Whether a trainer holds the run and can write a sample for it. */
export function canSample(state: RunState): boolean {
  return state === 'running' || state === 'paused';
}

/** Share of the run that is done: of its seconds where those end it first, else of its steps. */
export function shareDone({ steps, secondsLimit }: RunView, { step, seconds }: RunProgress): number {
  return Math.min(1, Math.max(step / steps, secondsLimit > 0 ? seconds / secondsLimit : 0));
}

/** How far a run is and how long it has left, such as "Step 150 of 2,000, about 1 min 20 s left". */
export function describeProgress(
  { state, steps, secondsLimit }: RunView,
  { step, seconds, secondsLeft }: RunProgress,
): string {
  // A run that its time ends has a limit of steps too, but nobody waits for it.
  const limit = secondsLimit > 0 && seconds / secondsLimit >= step / steps ? '' : ` of ${formatCount(steps)}`;
  const reached = `Step ${formatCount(step)}${limit}`;
  const spent = `${formatDuration(seconds)} of training`;
  if (state === 'starting') return 'Preparing the first step';
  if (state === 'running') {
    return secondsLeft === null
      ? `${reached}, time left not known yet`
      : `${reached}, about ${formatDuration(secondsLeft)} left`;
  }
  return `${reached}, ${state === 'paused' ? 'held' : 'ended'} after ${spent}`;
}

/** Size of the model and what it is trained on, in a line. */
export function describeSize({ parameters, facts }: RunView): string {
  return [...(parameters > 0 ? [`${formatCount(parameters)} parameters`] : []), ...facts].join(' \u00b7 ');
}

/** Why a chart is still empty. */
export function describeEmpty(state: RunState | null): string {
  switch (state) {
    case null:
      return 'No run is shown.';
    case 'starting':
    case 'running':
      return 'Waiting for the first step.';
    case 'paused':
      return 'Paused before the first step.';
    case 'completed':
    case 'stopped':
    case 'diverged':
    case 'failed':
    case 'interrupted':
      return 'The run ended before its first step.';
  }
}
