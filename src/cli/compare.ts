import { COLUMNS } from '../catalog/columns.ts';
import { differs, isResult } from '../catalog/comparedColumns.ts';
import { rowOf } from '../catalog/row.ts';
import { sourceRead } from '../config/textSource.ts';
import { storedText } from '../data/storedText.ts';
import type { RunDifference } from '../protocol/difference.ts';
import { readableAnnotations } from '../runs/annotations.ts';
import { lockHolder } from '../runs/lock.ts';
import { readMetrics } from '../runs/metricsLog.ts';
import { LARGEST_COMPARED, readDifference, type TextOf } from '../runs/readDifference.ts';
import { readRecord } from '../runs/record.ts';
import { described } from './catalog.ts';
import { checkpointName, compareCheckpoints, type ReadingFlags } from './compareCheckpoints.ts';
import { curvePlot } from './curvePlot.ts';
import { describeRunDifference } from './difference.ts';
import { findRun } from './findRun.ts';
import { UsageError } from './exitCodes.ts';
import { textTable } from './textTable.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Flags of `compare`, as parsed by commander. */
export interface CompareFlags extends ReadingFlags {
  readonly json: boolean;
}

/**
 * `sequence-lab compare`: the fields in which runs differ, their losses, and their validation losses as a plot; of two
 * runs, their difference; of two checkpoints, the change of the weights.
 */
export async function compareRuns(names: readonly string[], flags: CompareFlags): Promise<void> {
  const checkpoints = names.flatMap((name) => checkpointName(name) ?? []);
  if (checkpoints.length > 0) return compareCheckpoints(names, checkpoints, flags);
  if (flags.read !== undefined) throw new UsageError('--read is for two checkpoints, such as RUN@100 and RUN@last.');
  const folders = [...new Set(names.map(findRun))];
  if (folders.length < 2) throw new UsageError('Give at least two different runs.');
  if (folders.length > LETTERS.length) throw new UsageError(`Give at most ${LETTERS.length} runs.`);
  const rows = described(await Promise.all(folders.map(readRun))).map(rowOf);
  const difference = await differenceOfTwo(folders);
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ runs: rows.map(({ id, values }) => ({ id, ...values })), difference })}\n`,
    );
    return;
  }
  const lettered = rows.map((row, place) => ({ row, letter: LETTERS.charAt(place) }));
  const legend = lettered.map(({ row, letter }) => `${letter}  ${row.id}  ${String(row.values['name'])}\n`).join('');
  const table = textTable(
    [{ heading: '', align: 'start' }, ...lettered.map(({ letter }) => ({ heading: letter, align: 'end' }) as const)],
    COLUMNS.filter((column) => isResult(column, rows) || differs(column, rows)).map(({ key, format }) => [
      key,
      ...rows.map((row) => format(row.values[key] ?? null, row) || '-'),
    ]),
  );
  const curves = await Promise.all(
    folders.map(async (folder, place) => ({ letter: LETTERS.charAt(place), points: await validations(folder) })),
  );
  const apart = difference ? `\n${describeRunDifference(difference)}` : '';
  process.stdout.write(`${legend}\n${table}\n${curvePlot(curves, 'validation loss')}\n${apart}`);
}

async function differenceOfTwo([a, b, ...others]: readonly string[]): Promise<RunDifference | null> {
  return a === undefined || b === undefined || others.length > 0 ? null : readDifference([a, b], textOf);
}

const textOf: TextOf = async (path, { config }) =>
  storedText(sourceRead({ kind: 'file', path }, config.data), LARGEST_COMPARED);

async function readRun(folder: string) {
  const [record, holder, added] = await Promise.all([
    readRecord(folder),
    lockHolder(folder),
    readableAnnotations(folder),
  ]);
  return { folder, record, holder, ...added };
}

async function validations(folder: string): Promise<(readonly [number, number])[]> {
  const events = await readMetrics(folder);
  return events.flatMap((each) =>
    each.event === 'validation' && each.loss !== null ? [[each.step, each.loss] as const] : [],
  );
}
