import { JOB_REQUESTS } from '../config/jobRequests.ts';
import { phrase } from '../phrases/phrase.ts';
import { UnusableError } from '../phrases/causes.ts';
import { secondsOf, type SlurmOptions } from './options.ts';

/** A job array to submit. */
export interface Batch {
  /** Name of the job, which no other job has. */
  readonly name: string;
  /** Absolute path of its folder on the nodes. */
  readonly folder: string;
  /** Number of its items. */
  readonly count: number;
  /** Program of an item and its arguments; the item follows as the last one. */
  readonly command: readonly string[];
  readonly options: SlurmOptions;
}

/** Names of files in the folder of a batch. */
export const ITEMS_FILE = 'items';
export const SCRIPT_FILE = 'script.sh';
/** Id of the array job that works on the batch. */
export const CLAIM_FILE = 'job';
/** Journal of a task. */
export const journalFile = (task: number): string => `task-${task}.txt`;

/** Exit codes of the script. */
export const SCRIPT_EXIT = { noFolder: 71, noProgram: 72 } as const;

/** Exit code of a command that can go on later, and has made no progress, such as one whose run is locked. */
export const LATER = 75;
/** Exit code of a command that a signal has stopped, and that goes on from the progress that it has made. */
export const PROGRESSED = 130;

/**
 * Exit codes of a command that has not ended with its item: killed by a signal (129 to 143, but not the crashes SIGABRT,
 * SIGSEGV and others), not started (126, 127), to be repeated (`LATER`).
 */
const UNFINISHED: readonly number[] = [LATER, 126, 127, 129, PROGRESSED, 137, 138, 143];

/** Most seconds before the time limit at which items are stopped, if nothing else is set. */
const SECONDS_TO_STOP = 60;
/** Times that a task starts again after its time limit without anyone who follows. */
const MOST_RESTARTS = 1000;

/** Output of a task. */
export const logFile = (task: number | string): string => `log-${task}.txt`;

/** Items of a task, or the rest of the items for the last one. */
export function itemsOfTask<T>(items: readonly T[], task: number, { itemsPerTask = 1 }: SlurmOptions): T[] {
  return items.slice(task * itemsPerTask, (task + 1) * itemsPerTask);
}

/** Number of tasks for some items. */
export function taskCount(items: number, { itemsPerTask = 1 }: SlurmOptions): number {
  return Math.ceil(items / itemsPerTask);
}

/**
 * The script of a batch for sbatch, which has to be submitted in the folder of the batch.
 *
 * Every task appends to its journal what it starts and what ends, with one write per line. A task that starts again
 * leaves out what has ended. Before the time limit, Slurm sends USR1 to the script, which sends TERM to the command, so
 * that it saves its state, and then requeues the task: a sweep goes on without a program that follows it. A task without
 * progress is not requeued, because its next try would end as this one. Of two jobs of the same batch, which can exist if
 * a program was killed while it submitted, only the first one works.
 *
 * @throws UnusableError if a path cannot be part of a script
 */
export function batchScript({ name, folder, count, command, options }: Batch): string {
  const { atOnce, cpusPerTask, itemsPerTask = 1, time } = options;
  const seconds = time === undefined ? 0 : secondsOf(time);
  // A time limit of 0 is none.
  const { secondsToStop = seconds > 0 ? Math.min(SECONDS_TO_STOP, Math.ceil(seconds / 2)) : SECONDS_TO_STOP } = options;
  // Slurm replaces patterns such as %a in the whole path of the output, and reads backslashes.
  const isPattern = /[%\\]/.test(folder);
  const limit = atOnce === undefined ? '' : `%${atOnce}`;
  const requests = Object.keys(JOB_REQUESTS).flatMap((field) => {
    const value = options[field as keyof typeof JOB_REQUESTS];
    return value === undefined ? [] : [`--${field}=${value}`];
  });
  const directives = [
    `--job-name=${name}`,
    `--array=0-${taskCount(count, options) - 1}${limit}`,
    '--ntasks=1',
    ...(cpusPerTask === undefined ? [] : [`--cpus-per-task=${cpusPerTask}`]),
    `--output=${isPattern ? '/dev/null' : logFile('%a')}`,
    '--open-mode=append',
    '--requeue',
    `--signal=B:USR1@${secondsToStop}`,
    ...requests,
    ...(options.lines ?? []),
  ];
  return `#!/bin/bash
${directives.map((line) => `#SBATCH ${line}`).join('\n')}

cd -- ${quoted(folder)} || exit ${SCRIPT_EXIT.noFolder}
${isPattern ? `exec >> ${logFile('$SLURM_ARRAY_TASK_ID')} 2>&1\n` : ''}command=(${command.map(quoted).join(' ')})
items_per_task=${itemsPerTask}
unfinished=' ${UNFINISHED.join(' ')} '
${(options.setup ?? []).map((line) => `${line}\n`).join('')}${BODY}`;
}

/** The part of the script that is the same for all batches. */
const BODY = `
job=$SLURM_ARRAY_JOB_ID
restarts=\${SLURM_RESTART_COUNT:-0}
node=\${SLURMD_NODENAME:-unknown}
journal=task-$SLURM_ARRAY_TASK_ID.txt
# One write, which begins with a line break: a line that a crash has torn off stays a line.
record() { printf '\\n%s\\n' "$*" >> "$journal" || exit ${SCRIPT_EXIT.noFolder}; }

# The first job that links its claim owns the batch.
if [ ! -e ${CLAIM_FILE} ]; then
  claim=claim-$SLURM_JOB_ID-$restarts
  printf '%s\\n' "$job" > "$claim" || exit ${SCRIPT_EXIT.noFolder}
  ln "$claim" ${CLAIM_FILE} 2> /dev/null
  rm -f "$claim"
fi
[ "$(cat ${CLAIM_FILE})" = "$job" ] || exit 0

if ! command -v "\${command[0]}" > /dev/null; then
  record "refuse $node"
  exit ${SCRIPT_EXIT.noProgram}
fi

child=
stopping=
interrupted=
stop() {
  stopping=$1
  interrupted=1
  if [ -n "$child" ]; then kill -TERM "$child" 2> /dev/null; fi
}
trap 'stop limit' USR1
trap 'stop end' TERM

left=
progress=
first=$((SLURM_ARRAY_TASK_ID * items_per_task + 1))
mapfile -t items < <(sed -n "$first,$((first + items_per_task - 1))p" ${ITEMS_FILE})
for item in "\${items[@]}"; do
  if grep -q "^end $item " "$journal" 2> /dev/null; then continue; fi
  if [ -n "$stopping" ]; then left=1; break; fi
  record "start $item $job $restarts $node"
  "\${command[@]}" "$item" &
  child=$!
  if [ -n "$stopping" ]; then kill -TERM "$child" 2> /dev/null; fi
  # A signal ends "wait" before the command ends.
  while :; do
    interrupted=
    wait "$child"
    code=$?
    if [ -z "$interrupted" ]; then break; fi
  done
  child=
  # Bash loses the exit code of a command that ends at the moment of a signal.
  if [ "$code" -lt 0 ]; then code=${LATER}; fi
  case "$unfinished" in
    *" $code "*) record "stop $item $code"; left=1 ;;
    *) record "end $item $code"; progress=1 ;;
  esac
  if [ "$code" = ${PROGRESSED} ]; then progress=1; fi
done

if [ "$stopping" = limit ] && [ -n "$left" ]; then
  record "limit $job $restarts"
  if [ -z "$progress" ] || [ "$restarts" -ge ${MOST_RESTARTS} ]; then exit 0; fi
  record "requeue $job $restarts"
  # It ends this script. If the cluster does not allow it, the program that follows submits the rest.
  if scontrol requeue "$SLURM_JOB_ID"; then sleep 300; fi
fi
exit 0
`;

/** A word of bash. @throws UnusableError for control characters */
export function quoted(word: string): string {
  if (/\p{Cc}/u.test(word))
    throw new UnusableError(phrase('"{0}" has a line break or another control character. Rename it.', word));
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
