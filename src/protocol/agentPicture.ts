import * as z from 'zod';

/** Key of a picture in the metadata of a tool's result. */
export const PICTURE_KEY = 'sequence-lab/picture';

const value = z.number().nullable();

/** Curves over the steps of training. */
const curvesPicture = z.object({
  kind: z.literal('curves'),
  title: z.string(),
  /** Unit of the y axis. */
  unit: z.string(),
  /** Points as pairs of step and value, in order; null for a value that is not finite. */
  curves: z.array(z.object({ label: z.string(), points: z.array(z.tuple([z.int(), value])) })),
});

/** Values of a gate at the tokens of a passage. */
const mapPicture = z.object({
  kind: z.literal('map'),
  title: z.string(),
  /** The tokens. */
  columns: z.array(z.string()),
  /** Units, each with a value for each column; null for a value that is not finite. */
  rows: z.array(z.object({ label: z.string(), values: z.array(value) })),
  /** Values of the first and the last color; they are the same distance from 0 if the values have both signs. */
  low: z.number(),
  high: z.number(),
});

/** What a page or a picture shows of the answer of a tool. */
export const agentPicture = z.discriminatedUnion('kind', [curvesPicture, mapPicture]);

export type CurvesPicture = z.output<typeof curvesPicture>;
export type MapPicture = z.output<typeof mapPicture>;
export type AgentPicture = z.output<typeof agentPicture>;
