import { nativeBackends } from '../../protocol/nativeBackends.ts';
import type { RunProgress, RunState, RunView } from '../../protocol/panel.ts';

/** Actions on a run. */
export type Capability =
  | 'pause'
  | 'continue'
  | 'stop'
  | 'resume'
  | 'resumeChanged'
  | 'resumeElsewhere'
  | 'repeat'
  | 'delete'
  | 'generate'
  | 'reorder'
  | 'dequeue'
  | 'follow';

/** Actions on a run that is training in this window, by state. */
const here: Partial<Record<RunState, readonly Capability[]>> = {
  waiting: ['reorder', 'dequeue', 'follow'],
  starting: ['stop', 'follow'],
  running: ['pause', 'stop', 'generate', 'follow'],
  paused: ['continue', 'stop', 'generate', 'follow'],
};

/**
 * Actions on a stored run, by state. A run on a native backend can resume on the bundled one, because native code may
 * have caused the failure. A diverged run can only resume with a change; it would diverge again without one.
 */
const stored: Partial<Record<RunState, readonly Capability[]>> = {
  completed: ['resume', 'resumeElsewhere', 'repeat', 'delete', 'generate'],
  stopped: ['resume', 'resumeElsewhere', 'repeat', 'delete', 'generate'],
  interrupted: ['resume', 'resumeElsewhere', 'repeat', 'delete', 'generate'],
  failed: ['resume', 'resumeElsewhere', 'repeat', 'delete', 'generate'],
  diverged: ['resumeChanged', 'repeat', 'delete', 'generate'],
  running: ['generate'],
  imported: ['delete', 'generate'],
};

/** The part of a run that determines its actions. */
export interface DescribedRun {
  readonly view: Pick<RunView, 'state' | 'writes' | 'backend' | 'logged'> & {
    readonly applies?: Pick<RunView['applies'], 'rangeTest'>;
  };
  readonly progress: Pick<RunProgress, 'step'>;
}

/**
 * Actions that a run supports. A run that diverged before its first update has no weights to resume from or to write
 * with, and a run without a step has nothing to repeat.
 * @param trainsHere false for a stored run, which another process may be training
 */
export function capabilitiesOf(
  { view: { state, writes, backend, logged, applies }, progress: { step } }: DescribedRun,
  trainsHere: boolean,
): readonly Capability[] {
  // Its program trains it, and has its weights.
  if (logged) return state === 'running' ? [] : ['delete'];
  const capabilities = (trainsHere ? here : stored)[state] ?? [];
  const without = new Set<Capability>([
    ...(writes ? [] : ['generate' as const]),
    ...(step === 0 ? ['repeat' as const] : []),
    ...(state === 'diverged' && step === 0 ? (['resumeChanged', 'generate'] as const) : []),
    // It would go on with other rates than its curve is drawn over, or beyond the last of them.
    ...(applies?.rangeTest ? (['resumeChanged'] as const) : []),
    ...(applies?.rangeTest && step >= applies.rangeTest.steps ? (['resume', 'resumeElsewhere'] as const) : []),
    ...(nativeBackends.has(backend?.name ?? '') ? [] : ['resumeElsewhere' as const]),
  ]);
  return capabilities.filter((capability) => !without.has(capability));
}
