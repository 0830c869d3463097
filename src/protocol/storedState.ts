import type { RunState } from './panel.ts';

/** The states that a record can have. */
export type RecordedState = Exclude<RunState, 'starting' | 'paused'>;

/**
 * State of a stored run. A run in training whose process has ended was interrupted; an interrupted one whose process is
 * still alive is about to end.
 */
export function storedState(recorded: RecordedState, isHeld: boolean): RunState {
  if (recorded === 'running' || recorded === 'interrupted') return isHeld ? 'running' : 'interrupted';
  return recorded;
}
