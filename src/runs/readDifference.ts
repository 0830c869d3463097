import { fileInfo } from '../platform/files.ts';
import type { ChangedLines, RunDifference } from '../protocol/difference.ts';
import { dataAtHand } from './dataAtHand.ts';
import { differenceOf } from './difference.ts';
import { changedLines } from './lineDifference.ts';
import { readMetrics } from './metricsLog.ts';
import { readRecord, type RunRecord } from './record.ts';

/** Largest file in bytes whose lines are compared, and most characters of an unpacked one. */
export const LARGEST_COMPARED = 64 * 2 ** 20;

interface StoredRun {
  readonly folder: string;
  readonly record: RunRecord;
}

/** Text that a file of the data of a run holds; undefined if it cannot be compared. */
export type TextOf = (path: string, run: RunRecord) => Promise<string | undefined>;

/**
 * Difference of two stored runs, with the lines of their data where it is at hand.
 * @param textOf reads a file of at most 64 MB; packed files have lines only unpacked
 * @throws Error that names a damaged file
 */
export async function readDifference(folders: readonly [string, string], textOf: TextOf): Promise<RunDifference> {
  const read = async (folder: string) => {
    const [record, metrics] = await Promise.all([readRecord(folder), readMetrics(folder)]);
    return { folder, record, metrics };
  };
  const [a, b] = await Promise.all([read(folders[0]), read(folders[1])]);
  const { data, ...difference } = differenceOf(a, b);
  const files = [];
  for (const file of data.files) files.push({ ...file, lines: await linesApart([a, b], file.role, textOf) });
  return { ...difference, data: { ...data, files } };
}

/**
 * The files of one purpose of two runs, as they were when the runs were trained.
 * @returns undefined if one of them is not at hand
 */
export async function comparableFiles(a: StoredRun, b: StoredRun, role: string): Promise<[string, string] | undefined> {
  const [before, after] = await Promise.all([a, b].map(async ({ folder, record }) => dataAtHand(folder, record, role)));
  return before === undefined || after === undefined ? undefined : [before, after];
}

async function linesApart(
  [a, b]: readonly [StoredRun, StoredRun],
  role: string,
  textOf: TextOf,
): Promise<ChangedLines | null> {
  const paths = await comparableFiles(a, b, role);
  if (!paths) return null;
  const sizes = await Promise.all(paths.map(async (path) => (await fileInfo(path)).size));
  if (sizes.some((size) => size > LARGEST_COMPARED)) return null;
  const [before, after] = [await textOf(paths[0], a.record), await textOf(paths[1], b.record)];
  return before === undefined || after === undefined ? null : changedLines(before, after);
}
