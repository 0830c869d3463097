/** Values of an option of a job, and an example of them. */
export interface JobRequest {
  readonly pattern: RegExp;
  readonly example: string;
}

/**
 * Options of a job of Slurm that are texts, by their names on the command line and in `sbatch`. None of the characters
 * has a meaning in a line `#SBATCH`, where Slurm splits at spaces and reads quotes, backslashes and `#`.
 */
export const JOB_REQUESTS = {
  partition: { pattern: /^\w[\w.,+-]*$/, example: 'gpu' },
  time: { pattern: /^(?:\d+|\d+(?::\d\d){1,2}|\d+-\d+(?::\d\d){0,2})$/, example: '1:30:00' },
  mem: { pattern: /^\d+[KMGT]?$/i, example: '4G' },
  gpus: { pattern: /^(?:[a-z][\w.-]*:)?\d+$/i, example: '1' },
  account: { pattern: /^\w[\w.@+-]*$/, example: 'vision' },
  constraint: { pattern: /^[\w([][\w.&|*,:()[\]=+-]*$/, example: 'avx2' },
} as const satisfies Readonly<Record<string, JobRequest>>;
