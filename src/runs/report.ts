import { join } from 'node:path';
import { disk, type Files } from '../platform/files.ts';
import { type Report, report } from '../protocol/report.ts';
import { writeFilesAtomic } from './atomic.ts';
import { textOf, UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';

/**
 * Files of a run with the report of its task: at the last validation, and, once the run has ended, at that of the model
 * that is kept; and at the validation of the model that would be kept now.
 */
const FILES = { shown: 'report.json', kept: 'report-kept.json' } as const;

/** @param isKept true for the report on the model that would be kept now */
export async function writeReport(folder: string, shown: Report, files: Files, isKept = false): Promise<void> {
  const path = join(folder, FILES.shown);
  await writeFilesAtomic(isKept ? [path, join(folder, FILES.kept)] : [path], JSON.stringify(shown), files);
}

/** @returns undefined if the run has none. @throws Error that names a damaged file */
export async function readReport(
  folder: string,
  files: Files = disk,
  which: keyof typeof FILES = 'shown',
): Promise<Report | undefined> {
  const path = join(folder, FILES[which]);
  const text = await files.readText(path).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return report.parse(JSON.parse(text));
  } catch (error) {
    throw new UnusableError(phrase('{0} is damaged or of another version. {1}', path, textOf(error)), {
      cause: error,
    });
  }
}
