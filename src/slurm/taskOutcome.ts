import type { Journal } from './journal.ts';
import type { ListedTask } from './output.ts';
import { SCRIPT_EXIT } from './script.ts';
import { type Cause, jobStates, type Phase } from './states.ts';

/** What is known of a task. */
export interface Observation {
  readonly items: readonly string[];
  readonly journal: Journal;
  /** As squeue or sacct lists it; undefined if neither does. */
  readonly listed: ListedTask | undefined;
  /** Whether it has been missing in the lists for so long that its journal is complete. */
  readonly isSettled: boolean;
}

/** State of a task. */
export interface TaskOutcome {
  readonly phase: Phase;
  /** Exit code of each item that has ended. */
  readonly ended: ReadonlyMap<string, number>;
  /** Items that this task will not end. Empty unless it is over. */
  readonly died: readonly string[];
  /** Reason why they died. */
  readonly cause: Cause;
}

/** State of a task, from its journal and from Slurm. An item that has ended never dies, whatever Slurm says. */
export function taskOutcome({ items, journal, listed, isSettled }: Observation): TaskOutcome {
  const ended = new Map([...journal.ended].filter(([item]) => items.includes(item)));
  const open = items.filter((item) => !ended.has(item));
  const listedPhase = listed === undefined ? undefined : (jobStates[listed.state]?.phase ?? 'running');
  const isOver = open.length === 0 || (isSettled && (listedPhase === undefined || listedPhase === 'over'));
  const phase: Phase = isOver ? 'over' : listedPhase === 'waiting' ? 'waiting' : 'running';
  return { phase, ended, died: isOver ? open : [], cause: causeOf(listed, journal) };
}

function causeOf(listed: ListedTask | undefined, journal: Journal): Cause {
  if (journal.refusedBy !== undefined) return 'noProgram';
  const byState = listed === undefined ? undefined : jobStates[listed.state]?.cause;
  if (byState !== undefined) return byState;
  const isUntouched = journal.node === undefined;
  if (listed?.state === 'FAILED' && (listed.code === SCRIPT_EXIT.noFolder || isUntouched)) return 'noFolder';
  return listed === undefined && journal.stopped.size === 0 ? 'vanished' : 'interrupted';
}
