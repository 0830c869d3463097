import { join } from 'node:path';
import { disk, type Files } from '../platform/files.ts';
import { type Report, report } from '../protocol/report.ts';
import { writeFileAtomic } from './atomic.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** `report.json` of a run: the report of its task at the last validation. */
const FILE = 'report.json';

export async function writeReport(folder: string, shown: Report, files: Files): Promise<void> {
  await writeFileAtomic(join(folder, FILE), JSON.stringify(shown), files);
}

/** @returns undefined if the run has none. @throws Error that names a damaged file */
export async function readReport(folder: string, files: Files = disk): Promise<Report | undefined> {
  const path = join(folder, FILE);
  const text = await files.readText(path).catch(() => undefined);
  if (text === undefined) return undefined;
  const result = report.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  throw new PhrasedError(
    phrase('{0} is damaged or of another version: {1}', path, result.error.issues[0]?.message ?? ''),
  );
}
