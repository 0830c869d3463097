import type { Journal } from './journal.ts';
import type { ListedTask } from './output.ts';
import { PROGRESSED, SCRIPT_EXIT } from './script.ts';
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
}

/** Exit code of a process that was killed with SIGKILL. */
const KILLED = 137;
/** Message of Slurm in the output of a task that has used up its memory; not all versions note it in the state. */
const NO_MEMORY = /^slurm(?:stepd|d).*(?:memory limit|oom[-_ ]kill|out of memory)/im;

/** State of a task, from its journal and from Slurm. An item that has ended never dies, whatever Slurm says. */
export function taskOutcome({ items, journal, listed, isSettled }: Observation): TaskOutcome {
  const ended = new Map([...journal.ended].filter(([item]) => items.includes(item)));
  const open = items.filter((item) => !ended.has(item));
  const listedPhase = listed === undefined ? undefined : (jobStates[listed.state]?.phase ?? 'running');
  const isOver = open.length === 0 || (isSettled && (listedPhase === undefined || listedPhase === 'over'));
  const phase: Phase = isOver ? 'over' : listedPhase === 'waiting' ? 'waiting' : 'running';
  return { phase, ended, died: isOver ? open : [] };
}

/**
 * Reason why an item of a task that is over has died.
 * @param log output of the task
 */
export function causeOfDeath(item: string, observation: Omit<Observation, 'isSettled'>, log: string): Cause {
  const { listed, journal } = observation;
  if (journal.refusedBy !== undefined) return 'noProgram';
  const byState = listed === undefined ? undefined : jobStates[listed.state]?.cause;
  if (byState === 'outOfMemory' || (byState === undefined && NO_MEMORY.test(log)))
    return isVictim(item, observation) ? 'outOfMemory' : 'interrupted';
  if (byState !== undefined) return byState;
  if (journal.isAtLimit) return 'timeLimit';
  if (journal.stopped.get(item) === KILLED) return 'killed';
  const isUntouched = journal.node === undefined;
  if (listed?.state === 'FAILED' && (listed.code === SCRIPT_EXIT.noFolder || isUntouched)) return 'noFolder';
  return listed === undefined && journal.stopped.size === 0 ? 'vanished' : 'interrupted';
}

/**
 * Whether the try of an item that died counts. One that has made progress does not, nor does one in which the task
 * worked on other items only; each of them leaves less to do, so that the number of tries is limited.
 */
export function countsAsTry(item: string, { running, stopped, node }: Journal): boolean {
  const code = stopped.get(item);
  const wasStarted = node === undefined || item === running || code !== undefined;
  return wasStarted && code !== PROGRESSED;
}

/** Whether an item has used up the memory of its task: the one that ran, or any if none did. */
function isVictim(item: string, { items, journal: { running, stopped } }: Omit<Observation, 'isSettled'>): boolean {
  const victims = items.filter((each) => each === running || stopped.get(each) === KILLED);
  return victims.length === 0 || victims.includes(item);
}
