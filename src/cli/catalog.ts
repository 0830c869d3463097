import { type Column, columnNamed, COLUMNS } from '../catalog/columns.ts';
import { describeStored } from '../catalog/storedRun.ts';
import type { DescribedRun } from '../catalog/row.ts';
import { type IndexedRun, RunIndex } from '../runs/runIndex.ts';
import { runStore } from './findRun.ts';
import { UsageError } from './exitCodes.ts';

/** All runs of the run store, newest first, with their labels. Writes to stderr which folders cannot be read, and why. */
export async function storedRuns(): Promise<DescribedRun[]> {
  const { runs, unreadable } = await new RunIndex(runStore()).list();
  for (const { reason } of unreadable) warn(reason);
  return described(runs);
}

/** Writes a warning to stderr. */
export function warn(problem: string): void {
  process.stderr.write(`warning: ${problem}\n`);
}

/** Labels runs among each other. Writes to stderr whose annotations cannot be read, and why. */
export function described(runs: readonly IndexedRun[]): DescribedRun[] {
  for (const { problem } of runs) if (problem !== undefined) warn(problem);
  return describeStored(runs);
}

/** A column by its key or an alias. @throws UsageError that lists the columns */
export function columnOf(name: string): Column {
  const column = columnNamed(name);
  if (column) return column;
  throw new UsageError(`There is no field "${name}". Fields: ${COLUMNS.map(({ key }) => key).join(', ')}.`);
}
