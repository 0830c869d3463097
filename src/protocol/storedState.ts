import { phrase, type Text } from '../phrases/phrase.ts';
import type { RunState } from './panel.ts';

/** The states that a record can have. */
export type RecordedState = Exclude<RunState, 'waiting' | 'starting' | 'paused'>;

/**
 * State of a stored run. A run in training whose process has ended was interrupted; an interrupted one whose process is
 * still alive is about to end.
 */
export function storedState(recorded: RecordedState, isHeld: boolean): RunState {
  if (recorded === 'running' || recorded === 'interrupted') return isHeld ? 'running' : 'interrupted';
  return recorded;
}

/**
 * Reason for the end of a stored run. A process that was killed could not record one.
 * @param message reason in the record
 */
export function storedMessage(recorded: RecordedState, message: Text | null, isHeld: boolean): Text | null {
  return recorded === 'running' && !isHeld ? ENDED_WITHOUT_MESSAGE : message;
}

const ENDED_WITHOUT_MESSAGE = phrase(
  'The process that trained this run ended without a message: it was killed, or the computer was switched off.',
);
