import * as z from 'zod';
import { text } from '../phrases/phrase.ts';

/**
 * Report of a task on its model after a validation: a confusion matrix, answers to examples, an alignment, a state
 * diagram. Tasks report through these generic blocks, so that the view does not depend on any task.
 */

/** Rows of text and numbers. */
const table = z.object({
  kind: z.literal('table'),
  title: text,
  columns: z.array(text),
  rows: z.array(z.array(z.union([text, z.number()]))),
  /** Sentence that explains the numbers. */
  note: text,
});

/** Numbers over two named axes, drawn as a map. */
const matrix = z
  .object({
    kind: z.literal('matrix'),
    title: text,
    /** Names of the axes, such as "true class" and "predicted class". */
    rowAxis: text,
    columnAxis: text,
    rows: z.array(z.string()),
    columns: z.array(z.string()),
    /** `[rows, columns]`, row-major, finite. */
    values: z.array(z.number()),
    /** Name of a value, such as "texts" or "attention weight". */
    unit: text,
    /** Row of the marked cell in each column, such as a Viterbi path; empty for no marks. */
    path: z.array(z.int().nonnegative()),
    /** Description of the map in one sentence. */
    note: text,
  })
  .refine(({ rows, columns, values }) => values.length === rows.length * columns.length);

/** Examples of a classifier by true and predicted class. */
const confusion = z
  .object({
    kind: z.literal('confusion'),
    title: text,
    /** Names of the axes, such as "true class" and "predicted class". */
    rowAxis: text,
    columnAxis: text,
    classes: z.array(z.string()),
    /** `[true class, predicted class]`, row-major. */
    counts: z.array(z.int().nonnegative()),
    /** Name of the examples, such as "texts". */
    unit: text,
    note: text,
  })
  .refine(({ classes, counts }) => counts.length === classes.length ** 2);

/** Errors by steps ahead, `[horizon]`. */
const errorsAhead = z.array(z.number());

/** Forecasts of a series over its true values, in the units of its column. */
const forecast = z.object({
  kind: z.literal('forecast'),
  title: text,
  column: z.string(),
  /** Unit in the file; empty or absent without one. */
  unit: z.string().optional(),
  /** Name of the series, if the file has several. */
  series: z.string().optional(),
  /** Number of the first true value among the rows that were read, from 1. */
  firstRow: z.int().positive(),
  /** True values of consecutive rows. */
  truth: z.array(z.number()),
  /** Times of the rows and of the steps after them that are forecast; absent without a time column. */
  times: z.array(z.string()).optional(),
  /** Steps that the model forecasts at once. */
  horizon: z.int().positive(),
  /** Period of the season in steps; null without one. */
  season: z.int().positive().nullable(),
  /**
   * Forecasts: `at` is the index in `truth` of the last value that the model has read, and `values` follow it. Values
   * after the first `horizon` come from a model that reads its own forecasts. The last ones may be after the truth. The
   * interval is known for the first steps, or absent.
   */
  origins: z.array(
    z.object({
      at: z.int().nonnegative(),
      values: z.array(z.number()),
      low: z.array(z.number()).optional(),
      high: z.array(z.number()).optional(),
    }),
  ),
  /** Quantiles between which the interval is, such as 0.1 and 0.9. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  /** Root mean squared errors over the whole validation part; absent from the forecast after the last row. */
  errors: z
    .object({
      model: errorsAhead,
      lastValue: errorsAhead,
      season: errorsAhead.optional(),
      mean: errorsAhead,
      regression: errorsAhead.optional(),
      smoothing: errorsAhead.optional(),
    })
    .optional(),
  note: text,
});

/** States and the arrows between them. */
const graph = z
  .object({
    kind: z.literal('graph'),
    title: text,
    nodes: z.array(z.object({ name: z.string(), note: text })),
    /** Indices of nodes; weights from 0 to 1 are drawn as the width of the arrow. */
    edges: z.array(z.object({ from: z.int().nonnegative(), to: z.int().nonnegative(), weight: z.number() })),
    note: text,
  })
  .refine(({ nodes, edges }) => edges.every(({ from, to }) => Math.max(from, to) < nodes.length));

const reportBlock = z.discriminatedUnion('kind', [table, matrix, confusion, forecast, graph]);

export const report = z.object({
  /** Optimizer steps of the model. */
  step: z.int().nonnegative(),
  blocks: z.array(reportBlock),
});

export type ReportBlock = z.output<typeof reportBlock>;
export type Report = z.output<typeof report>;
