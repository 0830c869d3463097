import { nativeBackends } from '../../protocol/nativeBackends.ts';
import type { RunState, RunView } from '../../protocol/panel.ts';

/** What can be done with a run. */
export type Capability =
  'pause' | 'continue' | 'stop' | 'resume' | 'resumeChanged' | 'resumeElsewhere' | 'delete' | 'generate';

/** What can be done with a run that trains in this window. */
const here: Partial<Record<RunState, readonly Capability[]>> = {
  starting: ['stop'],
  running: ['pause', 'stop', 'generate'],
  paused: ['continue', 'stop', 'generate'],
};

/**
 * What can be done with a run on disk; it resumes elsewhere than on native code, which may be what it failed of. A
 * diverged run would only diverge again: it resumes with a change.
 */
const stored: Partial<Record<RunState, readonly Capability[]>> = {
  completed: ['resume', 'resumeElsewhere', 'delete', 'generate'],
  stopped: ['resume', 'resumeElsewhere', 'delete', 'generate'],
  interrupted: ['resume', 'resumeElsewhere', 'delete', 'generate'],
  failed: ['resume', 'resumeElsewhere', 'delete', 'generate'],
  diverged: ['resumeChanged', 'delete', 'generate'],
  running: ['generate'],
};

/** @param trainsHere false for a run on disk, which another process may be training */
export function capabilitiesOf(
  { state, writes, backend }: Pick<RunView, 'state' | 'writes' | 'backend'>,
  trainsHere: boolean,
): readonly Capability[] {
  const capabilities = (trainsHere ? here : stored)[state] ?? [];
  const without = new Set<Capability>([
    ...(writes ? [] : ['generate' as const]),
    ...(nativeBackends.has(backend?.name ?? '') ? [] : ['resumeElsewhere' as const]),
  ]);
  return capabilities.filter((capability) => !without.has(capability));
}
