import { delimiter, join } from 'node:path';
import { existsHere } from '../../platform/files.ts';

/** Whether this computer can submit jobs to Slurm. */
export function hasSlurm(path = process.env['PATH'] ?? ''): boolean {
  return path.split(delimiter).some((folder) => folder !== '' && existsHere(join(folder, 'sbatch')));
}

/**
 * Arguments of `sequence-lab` that train a sweep on Slurm.
 * @param options as the user has typed them, with blanks between them; those of a value are within quotes
 */
export function slurmArguments(
  file: string,
  { options, resumes }: { readonly options: string; readonly resumes: boolean },
): string[] {
  return ['sweep', file, '--slurm', ...(resumes ? ['--resume'] : []), ...words(options)];
}

/** Words of a text as a shell separates them: quotes keep blanks, and are removed. */
function words(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );
}
