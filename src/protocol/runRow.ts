import * as z from 'zod';

/** Value of a cell; null if the run does not have it. A date is an ISO text, a duration is in seconds. */
const cellValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()]).nullable();

/** A run as a row of a table, with its values by the keys of the columns (`src/catalog/columns.ts`). */
export const runRow = z.object({ id: z.string(), values: z.record(z.string(), cellValue).readonly() }).readonly();

export type CellValue = z.output<typeof cellValue>;
export type RunRow = z.output<typeof runRow>;
