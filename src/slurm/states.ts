import { phrase, type Phrase } from '../phrases/phrase.ts';

/** Reason why a task ended without its items. */
export type Cause =
  | 'timeLimit'
  | 'nodeFailure'
  | 'preempted'
  | 'interrupted'
  | 'vanished'
  | 'killed'
  | 'outOfMemory'
  | 'cancelled'
  | 'deadline'
  | 'noProgram'
  | 'noFolder';

interface CauseEntry {
  /** Whether the items are submitted again: another try can end otherwise. */
  readonly again: boolean;
  /** Whether the number of tries does not limit it: it is not due to the items. */
  readonly isOutside?: boolean;
  readonly text: Phrase;
}

export const causes: Readonly<Record<Cause, CauseEntry>> = {
  timeLimit: { again: true, text: phrase('The time limit of the job was reached.') },
  nodeFailure: { again: true, text: phrase('The node failed.') },
  preempted: { again: true, isOutside: true, text: phrase('Another job took the node.') },
  interrupted: { again: true, text: phrase('The job was interrupted.') },
  vanished: { again: true, text: phrase('The job is no longer known to Slurm, and has not reported its end.') },
  killed: {
    again: true,
    text: phrase('Its process was killed (SIGKILL), usually because the memory was used up. Raise --mem.'),
  },
  outOfMemory: { again: false, text: phrase('The job needed more memory than it requested. Raise --mem.') },
  cancelled: { again: false, text: phrase('The job was canceled.') },
  deadline: { again: false, text: phrase('The deadline of the job has passed.') },
  noProgram: {
    again: false,
    text: phrase('There is no Node.js on the node. Name the program that is on all nodes, or load its module.'),
  },
  noFolder: {
    again: false,
    text: phrase(
      'The job could not write to the folder of the sweep. Use a folder that all nodes share, and check its free space and your quota.',
    ),
  },
};

/** Where a task is: it waits for resources, it runs, or it has ended. */
export type Phase = 'waiting' | 'running' | 'over';

interface StateEntry {
  readonly phase: Phase;
  /** Cause of the end, if it is not that the script has ended by itself. */
  readonly cause?: Cause;
}

/** States of a job, as squeue and sacct name them. */
export const jobStates: Readonly<Record<string, StateEntry>> = {
  PENDING: { phase: 'waiting' },
  REQUEUED: { phase: 'waiting' },
  REQUEUE_FED: { phase: 'waiting' },
  REQUEUE_HOLD: { phase: 'waiting' },
  RESV_DEL_HOLD: { phase: 'waiting' },
  SPECIAL_EXIT: { phase: 'waiting' },
  CONFIGURING: { phase: 'running' },
  RUNNING: { phase: 'running' },
  RESIZING: { phase: 'running' },
  SUSPENDED: { phase: 'running' },
  STOPPED: { phase: 'running' },
  SIGNALING: { phase: 'running' },
  STAGE_OUT: { phase: 'running' },
  // Its processes may still end, or it is about to be queued again.
  COMPLETING: { phase: 'running' },
  COMPLETED: { phase: 'over' },
  FAILED: { phase: 'over' },
  TIMEOUT: { phase: 'over', cause: 'timeLimit' },
  NODE_FAIL: { phase: 'over', cause: 'nodeFailure' },
  BOOT_FAIL: { phase: 'over', cause: 'nodeFailure' },
  PREEMPTED: { phase: 'over', cause: 'preempted' },
  OUT_OF_MEMORY: { phase: 'over', cause: 'outOfMemory' },
  CANCELLED: { phase: 'over', cause: 'cancelled' },
  DEADLINE: { phase: 'over', cause: 'deadline' },
  REVOKED: { phase: 'over', cause: 'cancelled' },
};

/**
 * Reasons for which a task waits that no other job's end changes, as squeue names them. Names that begin with `Assoc` or
 * `QOS` and contain `PerJob` are limits of the account for a single job, and belong to them, too.
 */
const BLOCKED: ReadonlySet<string> = new Set([
  'AccountNotAllowed',
  'BadConstraints',
  'InvalidAccount',
  'InvalidQOS',
  'JobHeldAdmin',
  'JobHeldUser',
  'PartitionDown',
  'PartitionInactive',
  'PartitionNodeLimit',
  'PartitionTimeLimit',
  'QOSNotAllowed',
  'job_requeued_in_held_state',
  'launch_failed_requeued_held',
]);

/** Whether a task that waits for a reason will not start by itself. */
export function isBlocked(reason: string): boolean {
  const name = reason.replaceAll(/[()]/g, '').replaceAll(' ', '_');
  return BLOCKED.has(name) || /^(?:Assoc|QOS).*PerJob/.test(name);
}

/** Whether `scontrol release` ends a reason for which a task waits. */
export function isHeld(reason: string): boolean {
  return /held/i.test(reason);
}
