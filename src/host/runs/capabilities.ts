import type { RunState, RunView } from '../../protocol/panel.ts';

/** What can be done with a run. */
export type Capability = 'pause' | 'continue' | 'stop' | 'resume' | 'resumeChanged' | 'delete' | 'generate';

/** What can be done with a run that trains in this window. */
const here: Partial<Record<RunState, readonly Capability[]>> = {
  starting: ['stop'],
  running: ['pause', 'stop', 'generate'],
  paused: ['continue', 'stop', 'generate'],
};

/** What can be done with a run on disk. A diverged run would only diverge again: it resumes with a change. */
const stored: Partial<Record<RunState, readonly Capability[]>> = {
  completed: ['resume', 'delete', 'generate'],
  stopped: ['resume', 'delete', 'generate'],
  interrupted: ['resume', 'delete', 'generate'],
  failed: ['resume', 'delete', 'generate'],
  diverged: ['resumeChanged', 'delete', 'generate'],
  running: ['generate'],
};

/** @param trainsHere false for a run on disk, which another process may be training */
export function capabilitiesOf({ state, writes }: Pick<RunView, 'state' | 'writes'>, trainsHere: boolean): readonly Capability[] {
  const capabilities = (trainsHere ? here : stored)[state] ?? [];
  return writes ? capabilities : capabilities.filter((capability) => capability !== 'generate');
}
