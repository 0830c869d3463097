import * as z from 'zod';
import { begunGeneration, generationPart, generationRequest, writerForm } from './generation.ts';

/** The tab "Generate" of the panel: a text that the run's model writes while it is shown. */

/** State of a text. */
const generationState = z.enum([
  /** The model is being opened, or the run is at a step. */
  'opening',
  'writing',
  'complete',
  'canceled',
  'failed',
]);

/** A text, or the part of it that the page does not have. */
const generationChange = z.object({
  /** Differs from text to text. */
  id: z.int(),
  request: generationRequest,
  state: generationState,
  /** Whether the run was training in this window when the text began, and waits until it is complete. */
  trainingWaits: z.boolean(),
  /** Null before the model begins to write. */
  begun: begunGeneration.omit({ id: true }).nullable(),
  /** Number of pieces before `pieces`. */
  from: z.int().nonnegative(),
  pieces: generationPart.shape.pieces,
  /** Texts of the beam search, best first. */
  beam: generationPart.shape.end.unwrap().shape.beam,
  /** Reason for the user why a text failed. */
  message: z.string().nullable(),
});

/** Functions that the panel serves. */
export const generateTabContract = {
  /** The text has changed. Sent only while the tab is visible, a few times per second. */
  generation: { args: z.tuple([generationChange]) },
} as const;

/** Functions that the host serves to the panel. */
export const generateTabHostContract = {
  /** What the model of the shown run writes. */
  describeWriter: { args: z.tuple([]), result: writerForm },
  /** Begins a text, which cancels the one before. */
  generate: { args: z.tuple([generationRequest]), result: z.void() },
  /** Ends the text early. */
  stopGenerating: { args: z.tuple([]), result: z.void() },
} as const;

export type GenerationChange = z.output<typeof generationChange>;
