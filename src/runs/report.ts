import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Report, report } from '../protocol/report.ts';
import { writeFileAtomic } from './atomic.ts';

/** `report.json` of a run: what its task showed of its model after the last validation. */
const FILE = 'report.json';

export async function writeReport(folder: string, shown: Report): Promise<void> {
  await writeFileAtomic(join(folder, FILE), JSON.stringify(shown));
}

/** @returns undefined where the run has none. @throws Error that names a file which is damaged */
export async function readReport(folder: string): Promise<Report | undefined> {
  const path = join(folder, FILE);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const result = report.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  throw new Error(`${path} is damaged or of another version: ${result.error.issues[0]?.message ?? ''}`);
}
