import * as z from 'zod';
import { activationName, cell } from './probes.ts';
import { direction } from './verdicts.ts';

/** Reading of a text by a trained model, step by step: tokens, surprisal, predictions and activations. */

/** Maximum number of time steps of an inspection: a map of 2,000 units stays below 1 MB per message. */
export const MAX_INSPECTED_STEPS = 500;

/** Number of inspections whose activations are kept; several views read at the same time. */
export const KEPT_INSPECTIONS = 6;

/** Maximum number of tokens of a course: what an editor shows at once on a large screen. */
export const MAX_COURSE_STEPS = 20_000;

/**
 * The model reads all of `text` and reports the tokens from `from` on. The tokens before warm up the state. For a text
 * that is too long to read in time, the caller sends the part around the cursor.
 */
export const inspectRequest = z.object({
  /** Name of the caller, such as "gates" or "hover". A new request supersedes a waiting one of the same caller. */
  reader: z.string(),
  text: z.string(),
  /** Offset in UTF-16 code units of the first token to report. */
  from: z.int().nonnegative(),
  /** Number of predicted tokens to report for each step. */
  top: z.int().min(0).max(20),
});

const recurrentLayer = z.object({
  layer: z.string(),
  direction,
  cell,
  units: z.int().positive(),
  /** Activations that can be requested, in display order. */
  activations: z.array(activationName),
});

export const prediction = z.object({ token: z.string(), probability: z.number() });

export const inspection = z.object({
  /** Identifies the activations that are kept for this inspection. */
  id: z.int().nonnegative(),
  /** Optimizer steps of the model that read the text. */
  step: z.int().nonnegative(),
  /**
   * Subject of each prediction: the next token, the class of all tokens so far, or the label of the token itself.
   */
  predicts: z.enum(['next-token', 'class-so-far', 'this-token']),
  /** Reported tokens as text, and the offset of each in `text` of the request. */
  tokens: z.array(z.string()),
  offsets: z.array(z.int().nonnegative()),
  /** Indices of tokens that are not in the vocabulary. */
  unknown: z.array(z.int().nonnegative()),
  /**
   * -ln p of each token given those before it, in nats; null where nothing predicts it: for the first token, and for
   * every token of a model that does not predict tokens.
   */
  surprisal: z.array(z.number().nullable()),
  /**
   * Most likely answers at each token. For next tokens, the prediction made before the token was read, so that `top[t]`
   * belongs to `tokens[t]`; empty for the first. For classes and labels, the prediction made after it was read.
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

/** Class of tokens that the values of a unit may correlate with. */
export const tokenClass = unitSort.exclude(['index', 'saturation', 'memory']);

export const activationRequest = z.object({
  inspection: z.int().nonnegative(),
  layer: z.string(),
  direction,
  activation: activationName,
  /**
   * Sort order of the rows: unit number, share of saturated values, memory length, or correlation with a token class.
   */
  sort: unitSort,
});

/** Fields of an `activationMap`. */
export const activationMapFields = z.object({
  units: z.int().positive(),
  timeSteps: z.int().positive(),
  /** Values of byte 0 and byte 255: 0 and 1 for sigmoid gates, symmetric about 0 for everything else. */
  low: z.number(),
  high: z.number(),
  /** `[units, timeSteps]`, unit-major, rows in the order of `order`. */
  values: z.instanceof(Uint8Array),
  /** 1 for each value that is not finite, in the order of the values; null without any. */
  holes: z.instanceof(Uint8Array).nullable(),
  /** Unit number of each row, and its score in the sort order (empty for `index`). */
  order: z.array(z.int().nonnegative()),
  scores: z.array(z.number()),
});

/** Values of one gate or state, with a row per unit and a column per token. The sizes agree. */
export const activationMap = activationMapFields.refine(
  ({ units, timeSteps, values, holes, order }) =>
    values.length === units * timeSteps && order.length === units && (holes === null || holes.length === values.length),
);

/** Values of one unit at one token, for a hover. */
export const unitRequest = activationRequest
  .omit({ activation: true, sort: true })
  .extend({ unit: z.int().nonnegative() });

export const unitRolesRequest = activationRequest.omit({ sort: true });

/** What each unit of a layer follows over the tokens, the clearest first. */
export const unitRoles = z.object({
  units: z.array(
    z.object({
      unit: z.int().nonnegative(),
      /** Class with the strongest correlation, and Pearson's correlation with it. */
      tokenClass,
      correlation: z.number(),
      /** Number of tokens after which 1/e of the state is left. */
      memory: z.number(),
    }),
  ),
});

/** The traces of one unit over the tokens, by activation, at full precision. Values that are not finite are null. */
export const unitTraces = z.object({
  traces: z.array(z.object({ activation: activationName, values: z.array(z.number().nullable()) })),
});

export const connectivityRequest = z.object({
  inspection: z.int().nonnegative(),
  /** Index of the token whose prediction is explained. */
  token: z.int().nonnegative(),
});

/** ||d logit of the token read there / d x_t|| for every token before it, `[token]`. */
export const connectivity = z.object({ norms: z.array(z.number().nullable()) });

/** Values of one unit over a longer text, without predictions, to color the text of an editor. */
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
  /** Offset of each token in `text` of the request; the last token ends with the text. */
  offsets: z.array(z.int().nonnegative()),
  /** Indices of tokens that are not in the vocabulary. */
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
  /** Number of contexts to find, most active first, at least `apart` tokens apart. */
  limit: z.int().min(1).max(1000),
  apart: z.int().nonnegative(),
});

/** Places in a text where a unit is most active. */
export const firings = z.object({
  contexts: z.array(z.object({ offset: z.int().nonnegative(), token: z.string(), value: z.number() })),
  /** Number of tokens read. */
  tokens: z.int().nonnegative(),
});

/** A text that is a table: CSV, TSV or JSON Lines, detected by name and content. */
export const tableText = z.object({ name: z.string(), text: z.string() });

export const rowRequest = z.object({
  /** Number of the table that was opened last. */
  table: z.int(),
  /** An offset in its text, in UTF-16 code units. */
  cursor: z.int().nonnegative(),
  /** Column to read, by name or number from 1; empty detects the column of texts. */
  column: z.string(),
});

/** A row of a table and the cell that is read. Offsets are UTF-16 code units of the table's text. */
export const rowAtCursor = z.object({
  /** First line of the row, from 1. */
  line: z.int().positive(),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  column: z.string(),
  text: z.string(),
  /** Offset of each code unit of `text` in the table's text. */
  places: z.instanceof(Uint32Array),
});

export type InspectRequest = z.output<typeof inspectRequest>;
export type RecurrentLayer = z.output<typeof recurrentLayer>;
export type Prediction = z.output<typeof prediction>;
export type Inspection = z.output<typeof inspection>;
export type UnitSort = z.output<typeof unitSort>;
export type TokenClass = z.output<typeof tokenClass>;
export type UnitRolesRequest = z.output<typeof unitRolesRequest>;
export type UnitRoles = z.output<typeof unitRoles>;
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
