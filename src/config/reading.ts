import * as z from 'zod';

/** Settings of the readers, part of `data` in a configuration. "auto" detects each from the file. */
export const readingFields = {
  encoding: z
    .string()
    .default('auto')
    .describe(
      'Character encoding of the data files by its WHATWG name, such as utf-8, windows-1252 or shift_jis. auto detects it.',
    ),
  delimiter: z
    .string()
    .min(1)
    .max(8)
    .default('auto')
    .describe(
      'Text between the cells of a table: a character such as ; or one of the names tab, space and blanks (one or more blanks, as in aligned columns). auto detects it.',
    ),
  quote: z
    .enum(['auto', '"', "'", 'none'])
    .default('auto')
    .describe('Quotation mark around cells that contain a delimiter. auto detects it.'),
  escape: z
    .enum(['auto', 'double', 'backslash'])
    .default('auto')
    .describe('Writing of a quotation mark in a quoted cell: doubled, or after a backslash. auto detects it.'),
  header: z
    .enum(['auto', 'yes', 'no'])
    .default('auto')
    .describe('Whether the first row of a table names the columns. auto detects it.'),
  decimal: z
    .enum(['auto', '.', ','])
    .default('auto')
    .describe('Decimal sign of the numbers in a table. auto detects it.'),
  thousands: z
    .enum(['auto', 'none', ',', '.', "'", 'space'])
    .default('auto')
    .describe('Separator of thousands in the numbers of a table. auto detects it.'),
  dateOrder: z
    .enum(['auto', 'day-first', 'month-first'])
    .default('auto')
    .describe('Order of dates such as 03/04/2023. auto decides by all values of a column.'),
  missing: z
    .string()
    .default('auto')
    .describe(
      'Words that mean a missing value in a table, separated by commas, such as NA,-9999. auto takes the common ones in columns of numbers and times.',
    ),
  comment: z
    .string()
    .min(1)
    .max(8)
    .default('auto')
    .describe('Start of the lines of a table that are comments, such as #. none reads every line. auto detects it.'),
  sheet: z
    .string()
    .min(1)
    .max(100)
    .default('auto')
    .describe(
      'Sheet of an Excel workbook by its name or its number from 1, or array of an .npz file by its name. auto reads the first sheet, and all arrays with the number of rows that most values have.',
    ),
};

/** Settings of the readers. */
export const readingSchema = z.strictObject(readingFields);

export type Reading = z.output<typeof readingSchema>;

/** Names of the fields of `data` that are settings of the readers. */
export const READING_FIELDS = Object.keys(readingFields) as (keyof Reading)[];

/** The settings of the readers in the data of a configuration. */
export function readingOf(data: Reading): Reading {
  return readingSchema.strip().parse(data);
}

/** Everything is detected. */
export const autoReading: Reading = readingSchema.parse({});
