import * as z from 'zod';
import { describeStored } from '../../catalog/storedRun.ts';
import { type Column, columnNamed, COLUMNS } from '../../catalog/columns.ts';
import { FilterError } from '../../catalog/filter/filterError.ts';
import { predicateOf } from '../../catalog/filter/matches.ts';
import { parseFilter } from '../../catalog/filter/parseFilter.ts';
import { rowOf } from '../../catalog/row.ts';
import { type SortKey, sortRows } from '../../catalog/sortRows.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import { AgentError } from '../agentError.ts';
import { exact, roundedNumber } from '../rounded.ts';
import { storedRuns } from '../runs.ts';
import { copied, fieldValue } from '../schemas.ts';
import { shortened } from '../../format/shortened.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  filter: z
    .string()
    .default('')
    .describe(
      "Filter of the runs, such as 'cell = gru and best < 1.6'. Fields with = != < <= > >= ~ (contains), in (...), is missing, joined by and, or, not; other words are searched for in names, data, tags and notes. Empty: all runs.",
    ),
  sort: z
    .array(z.string())
    .max(5)
    .default([])
    .describe('Fields to sort by, each with a minus for descending order, such as "best". Default: newest first.'),
  columns: z
    .array(z.string())
    .max(30)
    .optional()
    .describe('Fields to return. Default: name, state, best, bestStep, last, verdict, cell, units, lr and others.'),
  archived: z.boolean().default(false).describe('Whether archived runs are included.'),
  limit: z.int().min(1).max(100).default(20).describe('Most runs to return.'),
});

const output = z.object({
  total: z.int().describe('Number of runs that match.'),
  runs: z.array(z.object({ id: z.string(), values: z.record(z.string(), fieldValue) })),
  unreadable: z.array(z.string()).describe('The first folders that cannot be read as a run, with the reason.'),
  unreadableCount: z.int().describe('Number of folders that cannot be read.'),
});

/** Most folders that an answer lists, and most characters of a text. */
const [UNREADABLE, TEXT] = [5, 500];

const DEFAULT_COLUMNS = [
  'name',
  'state',
  'data',
  'task',
  'best',
  'bestStep',
  'last',
  'verdict',
  'cell',
  'units',
  'lr',
  'seed',
  'seconds',
  'started',
  'tags',
];

export const listRuns = defineTool({
  name: 'list_runs',
  title: 'List Runs',
  description:
    'Lists the training runs of the run store with their state, losses and verdict. Begin here to find the id of a run. The filter is the language of the table of runs.',
  effect: 'reads',
  cost: 'Reads the records of the runs.',
  input,
  output,
  async run({ filter, sort, columns, archived, limit }, context) {
    const passes = filterOf(filter);
    const order = sort.map(sortKeyOf);
    const shown = (columns ?? DEFAULT_COLUMNS).map(columnOf);
    const { runs, unreadable } = await storedRuns(context);
    const rows = describeStored(runs).map(rowOf);
    const matching = sortRows(
      rows.filter((row) => (archived || row.values['archived'] !== true) && passes(row)),
      order,
    );
    return {
      total: matching.length,
      runs: matching.slice(0, limit).map(({ id, values }) => ({
        id,
        values: exact(Object.fromEntries(shown.map((column) => [column.key, valueOf(column, values)]))),
      })),
      unreadable: unreadable.slice(0, UNREADABLE).map(({ folder, reason }) => `${folder}: ${reason}`),
      unreadableCount: unreadable.length,
    };
  },
});

/** @throws AgentError that shows the place of a mistake */
function filterOf(text: string): (row: RunRow) => boolean {
  try {
    return predicateOf(parseFilter(text));
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { position, length, message } = error;
    const place = text.slice(position, position + Math.max(1, length));
    throw new AgentError(
      `The filter cannot be read at ${place === '' ? 'its end' : `"${place}"`} (character ${position + 1}). ${message}`,
    );
  }
}

function sortKeyOf(field: string): SortKey {
  const descending = field.startsWith('-');
  return { column: columnOf(descending ? field.slice(1) : field).key, descending };
}

/** The value of a field, which is exact in a configuration. */
function valueOf({ key, config }: Column, values: RunRow['values']): z.output<typeof fieldValue> {
  const value = copied(values[key] ?? null);
  if (typeof value === 'string') return shortened(value, TEXT);
  return typeof value === 'number' && config === undefined ? roundedNumber(value) : value;
}

/** @throws AgentError that lists the columns */
function columnOf(name: string): Column {
  const column = columnNamed(name);
  if (column) return column;
  throw new AgentError(`There is no field "${name}". Fields: ${COLUMNS.map(({ key }) => key).join(', ')}.`);
}
