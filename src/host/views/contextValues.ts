import { capabilitiesOf, type DescribedRun } from '../runs/capabilities.ts';

/** What the commands can work on. */
export interface Present {
  /** The known runs, each with whether it trains in this window. */
  readonly runs: readonly { readonly run: DescribedRun; readonly trainsHere: boolean }[];
  /** Whether a text editor is open that commands use without asking. */
  readonly hasText: boolean;
  /** Whether all runs are paused: none begins. */
  readonly isQueuePaused: boolean;
}

/** Names of the context keys, without the prefix "sequenceLab.". */
export type ContextKey =
  | 'hasRuns'
  | 'hasText'
  | 'canPause'
  | 'canContinue'
  | 'canStop'
  | 'canResume'
  | 'canRepeat'
  | 'canGenerate'
  | 'canReorder'
  | 'canFollow'
  | 'canPauseAll'
  | 'canContinueAll';

/**
 * Values of the context keys that the `when` clauses of package.json read. All are positive: they are not set before the
 * extension is active, so that a command that needs a run or a text is hidden until one is known.
 */
export function contextValues({ runs, hasText, isQueuePaused }: Present): Record<ContextKey, boolean> {
  const possible = new Set(runs.flatMap(({ run, trainsHere }) => capabilitiesOf(run, trainsHere)));
  return {
    hasRuns: runs.length > 0,
    hasText,
    canPause: possible.has('pause'),
    canContinue: possible.has('continue'),
    canStop: possible.has('stop'),
    canResume: possible.has('resume'),
    canRepeat: possible.has('repeat'),
    canGenerate: possible.has('generate'),
    canReorder: possible.has('reorder'),
    canFollow: possible.has('follow'),
    canPauseAll: !isQueuePaused && (possible.has('pause') || possible.has('reorder')),
    canContinueAll: isQueuePaused || possible.has('continue'),
  };
}
