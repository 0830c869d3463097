import * as z from 'zod';
import { activationName, cell, direction } from './probes.ts';

/**
 * What a trained model does on a text, step by step: tokens, surprisal, predictions, and the activations behind them.
 */

/** Most time steps of an inspection, so that a map of 2,000 units stays below 1 MB a message. */
export const MAX_INSPECTED_STEPS = 500;

/** Inspections whose activations can still be asked for; an older one is forgotten. Several views read at once. */
export const KEPT_INSPECTIONS = 6;

/** Most tokens of a course: what an editor shows at once, on the largest of screens. */
export const MAX_COURSE_STEPS = 20_000;

/**
 * The model reads all of `text`, and reports its last tokens from `from` on. What stands before warms the state up;
 * where the text is longer than what the model can read in time, the caller sends the part around the cursor.
 */
export const inspectRequest = z.object({
  /** Who asks, such as "gates" or "hover": a newer question of the same reader supersedes one that still waits. */
  reader: z.string(),
  text: z.string(),
  /** Offset in UTF-16 code units of the first token to report. */
  from: z.int().nonnegative(),
  /** How many next tokens to name for each step. */
  top: z.int().min(0).max(20),
});

const recurrentLayer = z.object({
  layer: z.string(),
  direction,
  cell,
  units: z.int().positive(),
  /** What can be asked of it, in the order to show. */
  activations: z.array(activationName),
});

const prediction = z.object({ token: z.string(), probability: z.number() });

export const inspection = z.object({
  /** Names the activations kept for it. */
  id: z.int().nonnegative(),
  /** Optimizer steps of the model that read the text. */
  step: z.int().nonnegative(),
  /**
   * What the model answers at each token: which one comes next, the class of all that was read so far, or the label of
   * this very one.
   */
  speaksOf: z.enum(['next-token', 'class-so-far', 'this-token']),
  /** The tokens reported, as text, and where each begins in `text` of the request. */
  tokens: z.array(z.string()),
  offsets: z.array(z.int().nonnegative()),
  /** Tokens that the vocabulary does not hold, by index. */
  unknown: z.array(z.int().nonnegative()),
  /**
   * -ln p of each token given those before it, in nats; null where nothing predicts it: the first of a text, and all of
   * them where the model does not speak of tokens to come.
   */
  surprisal: z.array(z.number().nullable()),
  /**
   * The likeliest answers at each token. Of next tokens, those before it was read, so that `top[t]` stands beside
   * `tokens[t]`, empty for the first of a text; of classes and labels, those after it was read.
   */
  top: z.array(z.array(prediction)),
  layers: z.array(recurrentLayer),
});

export const unitSort = z.enum([
  'index',
  'saturation',
  'memory',
  'letters',
  'digits',
  'spaces',
  'punctuation',
  'capitals',
  'newlines',
  'quotes',
]);

export const activationRequest = z.object({
  inspection: z.int().nonnegative(),
  layer: z.string(),
  direction,
  activation: activationName,
  /**
   * Rows sorted by unit number, by share of saturated values, by memory length, or by correlation with a class of
   * tokens.
   */
  sort: unitSort,
});

/** The values of one gate or state: a row a unit, a column a token. */
export const activationMap = z.object({
  units: z.int().positive(),
  timeSteps: z.int().positive(),
  /** What byte 0 and byte 255 stand for: 0 and 1 for sigmoid gates, symmetric about 0 for everything else. */
  low: z.number(),
  high: z.number(),
  /** `[units, timeSteps]`, unit-major, rows in the order of `order`. */
  values: z.instanceof(Uint8Array),
  /** Unit number of each row, and the score that it was sorted by (empty for `index`). */
  order: z.array(z.int().nonnegative()),
  scores: z.array(z.number()),
});

/** All values of one unit at one token, for a hover. */
export const unitRequest = activationRequest
  .omit({ activation: true, sort: true })
  .extend({ unit: z.int().nonnegative() });

/** The traces of one unit over the tokens, by activation, at full precision. */
export const unitTraces = z.object({
  traces: z.array(z.object({ activation: activationName, values: z.array(z.number()) })),
});

export const connectivityRequest = z.object({
  inspection: z.int().nonnegative(),
  /** Index of the token whose prediction is asked about. */
  token: z.int().nonnegative(),
});

/** ||d logit of the token read there / d x_t|| for every token before it, `[token]`. */
export const connectivity = z.object({ norms: z.array(z.number().nullable()) });

/**
 * Like an inspection, over more text, of one unit alone and without predictions: what colors the text of an editor.
 */
export const courseRequest = z.object({
  reader: z.string(),
  text: z.string(),
  /** Offset in UTF-16 code units of the first token to report. */
  from: z.int().nonnegative(),
  /** The unit to follow; null for surprisal alone. */
  unit: unitRequest.omit({ inspection: true }).extend({ activation: activationName }).nullable(),
});

export const course = z.object({
  /** Optimizer steps of the model that read the text. */
  step: z.int().nonnegative(),
  /** Where each token begins in `text` of the request; the last token ends where the text does. */
  offsets: z.array(z.int().nonnegative()),
  /** Tokens that the vocabulary does not hold. */
  unknown: z.int().nonnegative(),
  /** -ln p of each token given those before it, in nats; null for the first token of a text. */
  surprisal: z.array(z.number().nullable()),
  /** The unit's value at each token, at full precision; empty without a unit. */
  values: z.array(z.number()),
});

export const firingRequest = z.object({
  text: z.string(),
  layer: z.string(),
  direction,
  activation: activationName,
  unit: z.int().nonnegative(),
  /** How many contexts to find, most activating first, at least `apart` tokens apart. */
  limit: z.int().min(1).max(1000),
  apart: z.int().nonnegative(),
});

/** Where a unit is most active across a text. */
export const firings = z.object({
  contexts: z.array(z.object({ offset: z.int().nonnegative(), token: z.string(), value: z.number() })),
  /** Tokens that were read. */
  tokens: z.int().nonnegative(),
});

/** A text that is a table: CSV, TSV or JSON Lines, by its name and what stands there. */
export const tableText = z.object({ name: z.string(), text: z.string() });

export const rowRequest = z.object({
  /** The table that was opened last, by its number. */
  table: z.int(),
  /** An offset in its text, in UTF-16 code units. */
  cursor: z.int().nonnegative(),
  /** The column to read, by name or number from 1; empty for the one that looks like texts. */
  column: z.string(),
});

/** A row of a table, and a cell of it as it is read. Offsets are UTF-16 code units of the table's text. */
export const rowAtCursor = z.object({
  /** Line on which the row begins, from 1. */
  line: z.int().positive(),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  column: z.string(),
  text: z.string(),
  /** Where each code unit of `text` stands in the table's text. */
  places: z.instanceof(Uint32Array),
});

export type InspectRequest = z.output<typeof inspectRequest>;
export type RecurrentLayer = z.output<typeof recurrentLayer>;
export type Prediction = z.output<typeof prediction>;
export type Inspection = z.output<typeof inspection>;
export type UnitSort = z.output<typeof unitSort>;
export type ActivationRequest = z.output<typeof activationRequest>;
export type ActivationMap = z.output<typeof activationMap>;
export type UnitRequest = z.output<typeof unitRequest>;
export type UnitTraces = z.output<typeof unitTraces>;
export type ConnectivityRequest = z.output<typeof connectivityRequest>;
export type Connectivity = z.output<typeof connectivity>;
export type CourseRequest = z.output<typeof courseRequest>;
export type Course = z.output<typeof course>;
export type FiringRequest = z.output<typeof firingRequest>;
export type Firings = z.output<typeof firings>;
export type TableText = z.output<typeof tableText>;
export type RowRequest = z.output<typeof rowRequest>;
export type RowAtCursor = z.output<typeof rowAtCursor>;
