import { phrase, PhrasedError } from '../phrases/phrase.ts';
import { UnusableError } from '../phrases/causes.ts';
import { environment } from '../platform/system.ts';
import { type ProgramResult, runProgram } from '../platform/threads.ts';
import {
  accountedTasks,
  type ListedTask,
  queuedTasks,
  SACCT_FIELDS,
  setting,
  SQUEUE_FORMAT,
  submittedJob,
} from './output.ts';
import { SCRIPT_FILE } from './script.ts';

/** Slurm does not answer at the moment. What was requested may have been done or not. */
export class SlurmUnreachableError extends PhrasedError {
  override readonly name = 'SlurmUnreachableError';
}

/** Slurm takes no job now, because of a limit that the end of other jobs changes. The job is not queued. */
export class SlurmLimitError extends PhrasedError {
  override readonly name = 'SlurmLimitError';
}

/** Milliseconds after which a program of Slurm is given up: its own time limit for an answer is 10 to 100 s. */
const PATIENCE = 120_000;
/** Most tasks of an array in a cluster that does not say (the default of `MaxArraySize`, less one). */
const USUAL_ARRAY = 1000;
/** Characters of Slurm's own message in an error. */
const LONGEST_MESSAGE = 500;

/** Messages of an outage of the controller. */
const OUTAGE =
  /unable to contact slurm controller|socket timed out|connection refused|zero bytes|communication connection failure|in standby|controller .*not responding/i;
/** Messages of a limit for the number of jobs, of the cluster or of the account. */
const JOB_LIMIT = /temporarily|job submit limit|max.*submit.*limit/i;
/** Name of a limit of the account, which Slurm prints before a message that names several, such as `AssocMaxSubmitJobLimit`. */
const NAMED_LIMIT = /\b(?:Assoc|QOS)[A-Z]\w+/;

/**
 * Variables of the environment that jobs receive: nodes need neither the tokens of an editor nor its settings. Those of
 * sbatch itself are passed on, such as `SBATCH_ACCOUNT`.
 */
const PASSED =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|SLURM_\w+|SBATCH_\w+|SEQUENCE_LAB_\w+|LD_LIBRARY_PATH|CUDA_\w+|MODULEPATH|MODULESHOME|LMOD_\w+)$/;
/** Variables that would change what the script sets. */
const WITHHELD =
  /^(?:SBATCH_(?:ARRAY_INX|ERROR|EXPORT|INPUT|JOB_NAME|NO_REQUEUE|OPEN_MODE|OUTPUT|REQUEUE|SIGNAL|WAIT)|SLURM_(?:JOB|STEP|ARRAY|TASK)\w*)$/;

/** The programs of Slurm. */
export class SlurmClient {
  readonly #env: Readonly<Record<string, string | undefined>>;
  #hasAccounting = true;

  /** @param env environment with which the programs run; jobs receive a part of it */
  constructor(env: Readonly<Record<string, string | undefined>> = environment) {
    this.#env = Object.fromEntries(Object.entries(env).filter(([name]) => PASSED.test(name) && !WITHHELD.test(name)));
  }

  /** @throws UnusableError if there is no sbatch on the PATH */
  async assertAvailable(): Promise<void> {
    if ((await this.#run('sbatch', ['--help'])).missing) throw noSlurm('sbatch');
  }

  /**
   * Submits the script in a folder.
   * @returns the id of the job
   * @throws UnusableError with Slurm's reason for a refusal
   * @throws SlurmUnreachableError if it does not answer; the job may be queued
   * @throws SlurmLimitError if there are too many jobs
   */
  async submit(folder: string): Promise<string> {
    const result = await this.#run('sbatch', ['--parsable', '--export=ALL', SCRIPT_FILE], folder);
    const job = result.failed ? undefined : submittedJob(result.output);
    if (job !== undefined) return job;
    throw await this.#refusal(result);
  }

  /**
   * The tasks of jobs with these names that wait, run, or have ended a short time ago.
   * @returns undefined if Slurm does not answer: this says nothing about the jobs
   */
  async queued(names: readonly string[]): Promise<ListedTask[] | undefined> {
    const options = ['--noheader', '--array', '--states=all', `--format=${SQUEUE_FORMAT}`, `--name=${names.join(',')}`];
    const { output, failed } = await this.#run('squeue', options);
    return failed ? undefined : queuedTasks(output);
  }

  /** The tasks of jobs in the accounting of the cluster; none if it has no accounting. */
  async accounted(jobs: readonly string[]): Promise<ListedTask[]> {
    if (!this.#hasAccounting || jobs.length === 0) return [];
    const options = [
      '--noheader',
      '--parsable2',
      '--allocations',
      `--format=${SACCT_FIELDS}`,
      `--jobs=${jobs.join(',')}`,
    ];
    const { output, errors, failed, missing } = await this.#run('sacct', options);
    if (missing || /accounting storage is disabled/i.test(errors)) this.#hasAccounting = false;
    return failed ? [] : accountedTasks(output);
  }

  /** Cancels the jobs with a name. @throws SlurmUnreachableError if Slurm does not answer */
  async cancel(name: string): Promise<void> {
    const { failed, missing, errors } = await this.#run('scancel', [`--name=${name}`]);
    if (missing) throw noSlurm('scancel');
    if (failed) throw unreachable(errors);
  }

  /** Most tasks of one array. */
  async largestArray(): Promise<number> {
    const { output, failed } = await this.#run('scontrol', ['show', 'config']);
    const size = failed ? NaN : Number(setting(output, 'MaxArraySize'));
    return size >= 2 ? size - 1 : USUAL_ARRAY;
  }

  async #refusal(result: ProgramResult): Promise<Error> {
    const { errors, output, missing, timedOut } = result;
    if (missing) return noSlurm('sbatch');
    // sbatch repeats some requests until it is ended.
    if (isJobLimit(errors)) return new SlurmLimitError(phrase('Slurm takes no more jobs now: {0}', shortened(errors)));
    if (timedOut || OUTAGE.test(errors)) return unreachable(errors);
    if (/invalid partition/i.test(errors)) {
      const names = await this.#partitions();
      if (names.length > 0)
        return new UnusableError(
          phrase('Slurm has no such partition. Choose one of these with --partition: {0}.', names.join(', ')),
        );
    }
    return new UnusableError(phrase('Slurm refused the job: {0}', shortened(errors || output)));
  }

  async #partitions(): Promise<string[]> {
    const { output } = await this.#run('sinfo', ['--noheader', '--format=%R']);
    return output.split('\n').filter((name) => name !== '');
  }

  async #run(program: string, args: readonly string[], folder?: string): Promise<ProgramResult> {
    return runProgram(program, args, {
      milliseconds: PATIENCE,
      env: { ...this.#env, LC_ALL: 'C' },
      ...(folder !== undefined && { folder }),
    });
  }
}

/** Whether a refusal is due to the number of jobs. Slurm has one message for this and for limits of time and size. */
function isJobLimit(errors: string): boolean {
  const [named] = NAMED_LIMIT.exec(errors) ?? [];
  return named === undefined ? JOB_LIMIT.test(errors) : named.includes('Submit');
}

function noSlurm(program: string): UnusableError {
  return new UnusableError(
    phrase(
      'There is no program {0} on the PATH. Run this on a computer from which jobs of Slurm are submitted.',
      program,
    ),
  );
}

function unreachable(errors: string): SlurmUnreachableError {
  return new SlurmUnreachableError(phrase('Slurm does not answer: {0}', shortened(errors)));
}

function shortened(message: string): string {
  const line = message
    .replaceAll(/\b\w+: error: /g, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}
