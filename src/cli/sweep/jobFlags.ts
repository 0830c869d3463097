import { join } from 'node:path';
import * as z from 'zod';
import { disk } from '../../platform/files.ts';
import { textOrEmpty } from '../../platform/textOrEmpty.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import { UsageError } from '../exitCodes.ts';

const text = z.string().optional();
const number = z.int().positive().optional();

const jobFlags = z.object({
  partition: text,
  time: text,
  mem: text,
  gpus: text,
  cpus: number,
  account: text,
  constraint: text,
  atOnce: number,
  trialsPerTask: number,
  /** Program of Node.js on the nodes. */
  node: text,
  sbatch: z.array(z.string()).readonly(),
  setup: z.array(z.string()).readonly(),
});

/** Flags of `sweep` that only jobs of a cluster have, as parsed by commander. */
export type JobFlags = Readonly<z.output<typeof jobFlags>>;

/** The first flag of jobs that is given, as the command line names it without its dashes; undefined if none is. */
export function givenJobFlag(flags: JobFlags): string | undefined {
  const given = Object.entries(jobFlags.parse(flags)).find(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined,
  );
  return given?.[0].replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The flags of the jobs of a sweep: the given ones, or those of its last start if none is given.
 * @param folder folder of the sweep
 * @throws UsageError if the file with those of the last start is damaged
 */
export async function jobFlagsOf(folder: string, given: JobFlags): Promise<JobFlags> {
  if (givenJobFlag(given) !== undefined) return jobFlags.parse(given);
  const stored = await textOrEmpty(pathIn(folder), disk);
  if (stored === '') return jobFlags.parse(given);
  try {
    return jobFlags.parse(JSON.parse(stored));
  } catch (error) {
    throw new UsageError(`${pathIn(folder)} is damaged. Give the options of the jobs again.`, { cause: error });
  }
}

/** Keeps the flags of the jobs of a sweep for its next start. */
export async function keepJobFlags(folder: string, flags: JobFlags): Promise<void> {
  await writeFileAtomic(pathIn(folder), `${JSON.stringify(flags)}\n`, disk);
}

/** Program of Node.js on the nodes, which have no Electron. */
export function nodeOfJobs({ node }: JobFlags, isElectron = process.versions['electron'] !== undefined): string {
  return node ?? (isElectron ? 'node' : process.execPath);
}

function pathIn(folder: string): string {
  return join(folder, 'slurm-options.json');
}
