import type { RunState } from '../../protocol/panel.ts';

/** What to do with the runs that a closing window left behind. */
export interface LeftRuns {
  /** Runs to continue without a question. */
  readonly resume: readonly string[];
  /** Runs to ask about. */
  readonly ask: readonly string[];
  /** Runs whose trainer is still writing its checkpoint. */
  readonly wait: readonly string[];
}

/**
 * Decides about the runs that were training when the window closed. Runs that have ended otherwise since then, or were
 * deleted, are left alone.
 * @param left ids of the runs
 * @param stateOf state of a run; undefined if it is not in the run store
 * @param choice the setting `sequenceLab.continueAfterReload`
 */
export function sortLeftRuns(
  left: readonly string[],
  stateOf: (id: string) => RunState | undefined,
  choice: 'ask' | 'always' | 'never',
): LeftRuns {
  if (choice === 'never') return { resume: [], ask: [], wait: [] };
  const inState = (state: RunState) => left.filter((id) => stateOf(id) === state);
  const interrupted = inState('interrupted');
  return {
    resume: choice === 'always' ? interrupted : [],
    ask: choice === 'ask' ? interrupted : [],
    wait: inState('running'),
  };
}
