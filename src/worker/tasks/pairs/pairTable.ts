import type { TaskConfig } from '../../../config/task.ts';
import { type ParallelText, textPairs } from '../../../data/pairs/textPairs.ts';
import { readTable } from '../../../data/table/readTable.ts';
import type { TextSource } from '../../../config/textSource.ts';

type PairsConfig = Extract<TaskConfig, { name: 'sequence-to-sequence' }>;

/** Reads pairs of texts from the columns of a table that the task names. */
export async function readPairTable(
  source: TextSource,
  { sourceColumn, targetColumn }: Pick<PairsConfig, 'sourceColumn' | 'targetColumn'>,
): Promise<ParallelText> {
  const table = await readTable(source, { named: [sourceColumn, targetColumn] });
  return textPairs(table, { source: sourceColumn || undefined, target: targetColumn || undefined });
}
