import * as z from 'zod';
import { readingSchema } from '../config/reading.ts';
import { taskSchema } from '../config/task.ts';
import { textSource } from '../config/textSource.ts';
import { text } from '../phrases/phrase.ts';

/** Findings about a data set before training. */

export const columnRole = z.enum([
  'text',
  'label',
  'source',
  'target',
  'word',
  'tag',
  'time',
  'value',
  'group',
  'unused',
]);

/** Fields of a task by their names without "task.". Parsing the task checks their values. */
const taskFields = z.record(z.string(), z.union([z.string(), z.number()]));

export const dataTask = z.enum(['classification', 'tagging', 'sequence-to-sequence', 'forecasting', 'language-model']);

const column = z.object({
  name: text,
  role: columnRole,
  type: z.enum(['number', 'integer', 'time', 'category', 'text', 'identifier', 'constant', 'blank']),
  /** Unit of the numbers; empty without one. */
  unit: z.string(),
  /** Number of distinct values. */
  distinct: z.int().nonnegative(),
  blank: z.int().nonnegative(),
  /** Number of cells that are not of the type of the column. */
  unreadable: z.int().nonnegative(),
  /** Mean length in characters. */
  meanLength: z.number(),
});

/** Syntax of a delimited table, and how its numbers are written. */
const dialect = z.object({
  delimiter: z.string(),
  quote: z.enum(['"', "'", '']),
  escape: z.enum(['double', 'backslash']),
  header: z.boolean(),
  decimal: z.enum(['.', ',']),
  thousands: z.enum(['', ',', '.', "'", ' ']),
  dateOrder: z.enum(['auto', 'day-first', 'month-first']),
  missing: z.array(z.string()).readonly(),
  comment: z.string(),
});

const tokenUnit = z.enum(['word', 'character']);

const lengths = z.object({
  unit: tokenUnit,
  /** Items with `from` to `to` tokens, both inclusive. */
  bins: z.array(z.object({ from: z.int(), to: z.int(), count: z.int().nonnegative() })).readonly(),
  shortest: z.int(),
  median: z.int(),
  /** 95th percentile of the lengths. */
  p95: z.int(),
  longest: z.int(),
});

const problem = z.object({ where: text, reason: text });

export const dataInspection = z.object({
  name: z.string(),
  kind: z.enum(['table', 'tagged', 'folder', 'text', 'corpus']),
  /** Description of the format, such as "tab-separated values, header in the first line". */
  format: text,
  /** Task that was detected, or requested. */
  task: dataTask,
  tasks: z.array(dataTask).readonly(),
  columns: z.array(column).readonly(),
  /** Encoding of the file by its WHATWG name; null for a folder. */
  encoding: z.string().nullable(),
  dialect: dialect.nullable(),
  /** Settings of the readers. */
  reading: readingSchema,
  /** Number of rows of data. */
  rows: z.int().nonnegative(),
  /** The first rows. */
  preview: z.array(z.object({ where: text, cells: z.array(z.string()).readonly() })).readonly(),
  /** Kind of the items. */
  item: z.enum(['text', 'sentence', 'pair', 'row', 'character', 'document']),
  /** Number of usable items. */
  items: z.int().nonnegative(),
  problems: z.object({ count: z.int().nonnegative(), first: z.array(problem).readonly() }),
  parts: z.object({
    train: z.int().nonnegative(),
    validation: z.int().nonnegative(),
    validationFile: z.string().nullable(),
  }),
  /** Numbers of characters in both parts of a corpus of documents. */
  characters: z.object({ train: z.int().nonnegative(), validation: z.int().nonnegative() }).optional(),
  /** Labels, most frequent first. */
  labels: z.array(z.object({ label: z.string(), train: z.int(), validation: z.int() })).readonly(),
  labelCount: z.int().nonnegative(),
  /** Separator of several labels of a text; missing if each text has one. */
  labelSeparator: z.string().optional(),
  lengths: lengths.nullable(),
  /** Tokens of the validation part that do not occur in the training part. */
  unknown: z
    .object({
      unit: tokenUnit,
      tokens: z.int(),
      unknown: z.int(),
      examples: z.array(z.string()).readonly(),
      /** The same for characters instead of words. */
      characters: z.object({ tokens: z.int(), unknown: z.int() }).optional(),
    })
    .nullable(),
  repeated: z.object({
    /** Items that repeat the text of an earlier item. */
    repeated: z.int(),
    /** Texts with more than one label or target. */
    contradicting: z.int(),
    /** Validation items whose text is also in the training part. */
    shared: z.int(),
  }),
  /** Sentences about how training uses the data. */
  plan: z.array(text).readonly(),
  /** Sentences about what was assumed, and what to check before training. */
  notes: z.array(text).readonly(),
  /** Fields of the task that were chosen in the view. */
  fields: taskFields,
  /** Fields of the task that suit the data, each with what it does. */
  suggestions: z.array(z.object({ text, fields: taskFields })).readonly(),
});

/** Choices of the user that replace detected ones. */
export const dataChoice = z.object({
  /** Role of each column. */
  roles: z.array(columnRole).optional(),
  /** Validation file; null holds out a fraction instead. Detected when omitted. */
  validation: z.string().nullable().optional(),
  /** Settings of the readers; detected when omitted. */
  reading: readingSchema.optional(),
  /** Fields of the task that replace those of the settings. */
  fields: taskFields.optional(),
});

export const inspectDataRequest = dataChoice.extend({
  source: textSource,
  /** Name of the task that the data is for; guessed if omitted. */
  taskName: dataTask.optional(),
  validationShare: z.number(),
  /** Steps of a window of a series. */
  sequenceLength: z.int().positive().optional(),
  split: z.enum(['stratified', 'random']).optional(),
  /** Task with its fields, which count if the data set is for this task. */
  task: taskSchema.optional(),
  seed: z.int().nonnegative(),
});

export type ColumnRole = z.output<typeof columnRole>;
export type DataTask = z.output<typeof dataTask>;
export type DataInspection = z.output<typeof dataInspection>;
export type DataChoice = z.output<typeof dataChoice>;
export type InspectDataRequest = z.output<typeof inspectDataRequest>;
