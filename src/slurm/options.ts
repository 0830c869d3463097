import { JOB_REQUESTS, type JobRequest } from '../config/jobRequests.ts';
import { phrase } from '../phrases/phrase.ts';
import { UnusableError } from '../phrases/causes.ts';

/** What a job of Slurm requests. Each field is an option of sbatch; one that is not set is left to the cluster. */
export interface SlurmOptions {
  readonly partition?: string | undefined;
  /** Time limit of a task, such as `1:30:00`. */
  readonly time?: string | undefined;
  /** Memory of a task, such as `4G`. */
  readonly mem?: string | undefined;
  /** GPUs of a task, such as `1` or `a100:1`. */
  readonly gpus?: string | undefined;
  readonly cpusPerTask?: number | undefined;
  readonly account?: string | undefined;
  /** Features that a node must have. */
  readonly constraint?: string | undefined;
  /** Most tasks of an array that run at the same time. */
  readonly atOnce?: number | undefined;
  /** Items that a task works on, one after the other. */
  readonly itemsPerTask?: number | undefined;
  /** Further options of sbatch, such as `--qos=long`. */
  readonly lines?: readonly string[] | undefined;
  /** Lines of bash that run before the first item, such as `module load nodejs`. */
  readonly setup?: readonly string[] | undefined;
  /** Seconds before the time limit at which the items that run are stopped. */
  readonly secondsToStop?: number | undefined;
}

const NUMBERS = ['cpusPerTask', 'atOnce', 'itemsPerTask', 'secondsToStop'] as const;

/** Options that the script sets itself. */
const RESERVED: ReadonlySet<string> = new Set([
  'array',
  'a',
  'chdir',
  'clusters',
  'M',
  'D',
  'error',
  'e',
  'export',
  'export-file',
  'input',
  'i',
  'job-name',
  'J',
  'no-requeue',
  'ntasks',
  'n',
  'open-mode',
  'output',
  'o',
  'parsable',
  'requeue',
  'signal',
  'test-only',
  'wait',
  'W',
  'wrap',
]);

/** Characters of a line: everything but control characters, which include line breaks. */
const LINE = /^\P{Cc}+$/u;

/** Seconds of a time limit: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes and so on. */
export function secondsOf(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-', 2) : [undefined, time];
  const parts = (clock ?? '').split(':').map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = days !== undefined || parts.length === 3 ? parts : [0, ...parts];
  return ((Number(days ?? 0) * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** @throws UnusableError that names a value that is not allowed */
export function checkOptions(options: SlurmOptions): void {
  for (const [field, { pattern, example }] of Object.entries<JobRequest>(JOB_REQUESTS)) {
    const value = options[field as keyof typeof JOB_REQUESTS];
    if (value !== undefined && !pattern.test(value))
      throw new UnusableError(phrase('"{0}" is not a value of --{1}, such as {2}.', value, field, example));
  }
  for (const field of NUMBERS) {
    const value = options[field];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      throw new UnusableError(phrase('{0} must be a whole number of at least 1.', field));
  }
  for (const line of options.lines ?? []) checkLine(line);
  for (const line of options.setup ?? [])
    if (!LINE.test(line)) throw new UnusableError(phrase('"{0}" must be one line.', line));
}

function checkLine(line: string): void {
  const [, long, short] = /^(?:--([a-z][a-z-]*)(?:[= ]|$)|-([A-Za-z]))/.exec(line) ?? [];
  if (!LINE.test(line) || (long === undefined && short === undefined))
    throw new UnusableError(phrase('"{0}" is not an option of sbatch, such as --qos=long.', line));
  // Slurm takes the beginning of a long option for the option.
  const isReserved =
    long === undefined
      ? RESERVED.has(short ?? '')
      : [...RESERVED].some((each) => each.length > 1 && each.startsWith(long));
  if (isReserved)
    throw new UnusableError(phrase('"{0}" cannot be changed: Sequence Lab sets this option of sbatch.', line));
}
