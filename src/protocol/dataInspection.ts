import * as z from 'zod';
import { textSource } from '../config/textSource.ts';

/** What is found in a data set before anything is trained on it. */

export const columnRole = z.enum(['text', 'label', 'source', 'target', 'word', 'tag', 'unused']);

const dataTask = z.enum(['classification', 'tagging', 'sequence-to-sequence', 'language-model']);

const column = z.object({
  name: z.string(),
  role: columnRole,
  /** Different values. */
  distinct: z.int().nonnegative(),
  blank: z.int().nonnegative(),
  /** In characters. */
  meanLength: z.number(),
});

const tokenUnit = z.enum(['word', 'character']);

const lengths = z.object({
  unit: tokenUnit,
  /** From `from` up to and including `to` tokens. */
  bins: z.array(z.object({ from: z.int(), to: z.int(), count: z.int().nonnegative() })).readonly(),
  shortest: z.int(),
  median: z.int(),
  /** 95 % of the items are not longer. */
  p95: z.int(),
  longest: z.int(),
});

const problem = z.object({ where: z.string(), reason: z.string() });

export const dataInspection = z.object({
  name: z.string(),
  kind: z.enum(['table', 'tagged', 'folder', 'text']),
  /** Such as "tab-separated values, header in the first line". */
  format: z.string(),
  /** The task that the data fits, or that was asked for. */
  task: dataTask,
  tasks: z.array(dataTask).readonly(),
  columns: z.array(column).readonly(),
  /** The first rows. */
  rows: z.array(z.object({ where: z.string(), cells: z.array(z.string()).readonly() })).readonly(),
  /** What is counted: "text", "sentence", "pair" or "line". */
  item: z.string(),
  /** Items that can be used. */
  items: z.int().nonnegative(),
  problems: z.object({ count: z.int().nonnegative(), first: z.array(problem).readonly() }),
  parts: z.object({
    train: z.int().nonnegative(),
    validation: z.int().nonnegative(),
    validationFile: z.string().nullable(),
  }),
  /** The most frequent first. */
  labels: z.array(z.object({ label: z.string(), train: z.int(), validation: z.int() })).readonly(),
  labelCount: z.int().nonnegative(),
  lengths: lengths.nullable(),
  /** Tokens of the validation part that the training part never has. */
  unknown: z
    .object({ unit: tokenUnit, tokens: z.int(), unknown: z.int(), examples: z.array(z.string()).readonly() })
    .nullable(),
  repeated: z.object({
    /** Items whose text has come before. */
    repeated: z.int(),
    /** Texts that come with more than one label or target. */
    contradicting: z.int(),
    /** Items of the validation part whose text is in the training part too. */
    shared: z.int(),
  }),
  /** What training will do with the data, a sentence each. */
  plan: z.array(z.string()).readonly(),
  /** What should be looked at first, a sentence each. */
  warnings: z.array(z.string()).readonly(),
});

/** What the user has decided otherwise than it was guessed. */
export const dataChoice = z.object({
  /** Of every column. */
  roles: z.array(columnRole).optional(),
  /** A file to validate on; null keeps a share, and left out it is looked for. */
  validation: z.string().nullable().optional(),
});

export const inspectDataRequest = dataChoice.extend({
  source: textSource,
  validationShare: z.number(),
  seed: z.int().nonnegative(),
});

export type ColumnRole = z.output<typeof columnRole>;
export type DataTask = z.output<typeof dataTask>;
export type DataInspection = z.output<typeof dataInspection>;
export type DataChoice = z.output<typeof dataChoice>;
export type InspectDataRequest = z.output<typeof inspectDataRequest>;
