/** Parsers of what the programs of Slurm print. */

/** A task of an array as squeue or sacct lists it. */
export interface ListedTask {
  /** Name of the job; empty for sacct. */
  readonly name: string;
  /** Id of the array job. A controller that has lost its state uses ids again. */
  readonly job: string;
  /** Number in the array, or `OTHERS`. */
  readonly task: number;
  /** Name of its state, such as `RUNNING`. */
  readonly state: string;
  /** Reason why it waits; empty otherwise and for sacct. */
  readonly reason: string;
  /** Exit code of the script; undefined if the list does not say. */
  readonly code: number | undefined;
}

/** The id that `sbatch --parsable` prints: `ID` or `ID;CLUSTER`. @returns undefined for other output */
export function submittedJob(output: string): string | undefined {
  return /^(\d+)(?:;.*)?$/m.exec(output)?.[1];
}

/** All tasks of an array that the list does not have: Slurm lists tasks together that were canceled before their start. */
export const OTHERS = -1;

/** Format of squeue whose output `queuedTasks` reads: name, array job, task, state, reason. */
export const SQUEUE_FORMAT = '%j|%F|%K|%T|%r';

/** Tasks in the output of squeue with `--array` and `SQUEUE_FORMAT`. */
export function queuedTasks(output: string): ListedTask[] {
  return output.split('\n').flatMap((line) => {
    const [name = '', job = '', task = '', state = '', ...reason] = line.trim().split('|');
    if (!/^\d+$/.test(job) || state === '') return [];
    return tasksIn(task).map((each) => ({ name, job, task: each, state, reason: reason.join('|'), code: undefined }));
  });
}

/** Fields of sacct whose output, with `--parsable2`, `accountedTasks` reads. */
export const SACCT_FIELDS = 'JobID,State,ExitCode';

/** Tasks in the output of sacct with `--parsable2`, `--noheader` and `SACCT_FIELDS`. Steps of jobs are left out. */
export function accountedTasks(output: string): ListedTask[] {
  return output.split('\n').flatMap((line) => {
    const [, job = '', task = '', state = '', code] =
      /^(\d+)_(\d+|\[[^\]]*\])\|([A-Z_]+)[^|]*\|(?:(\d+):\d+)?/.exec(line.trim()) ?? [];
    if (job === '') return [];
    const exit = code === undefined ? undefined : Number(code);
    return tasksIn(task).map((each) => ({ name: '', job, task: each, state, reason: '', code: exit }));
  });
}

/** Most tasks of an array: Slurm allows 4,000,000. */
const MOST_TASKS = 4_000_001;

/** Numbers of a list of tasks: `7`, or `[0-3,8%2]` of tasks that wait. A list that is too long is cut (`...`). */
function tasksIn(text: string): number[] {
  if (text === 'N/A') return [OTHERS];
  const parts = text.replace(/^\[/, '').replace(/\]$/, '').replace(/%\d+$/, '').split(',');
  return parts.flatMap((part) => {
    const [, from, to, step = '1'] = /^(\d{1,7})(?:-(\d{1,7})(?::(\d{1,7}))?)?$/.exec(part) ?? [];
    if (from === undefined || Number(step) === 0) return [];
    const last = to === undefined ? Number(from) : Number(to);
    const length = Math.max(0, Math.floor((last - Number(from)) / Number(step)) + 1);
    if (last > MOST_TASKS) return [];
    return Array.from({ length }, (_, index) => Number(from) + index * Number(step));
  });
}

/** Value of a setting in the output of `scontrol show config`; undefined if it is missing. */
export function setting(output: string, name: string): string | undefined {
  const line = output.split('\n').find((each) => each.split('=')[0]?.trim() === name);
  return line?.slice(line.indexOf('=') + 1).trim();
}
