import * as z from 'zod';
import { begunGeneration, generationPart, generationRequest, writerForm } from './generation.ts';
import {
  activationMap,
  activationRequest,
  connectivity,
  connectivityRequest,
  course,
  courseRequest,
  firingRequest,
  firings,
  inspection,
  inspectRequest,
  rowAtCursor,
  rowRequest,
  tableText,
  unitRequest,
  unitRoles,
  unitRolesRequest,
  unitTraces,
} from './inspection.ts';
import { probe, probeStart } from './probes.ts';
import { explainedGradient, explainedStep, explainGradientRequest, explainStepRequest } from './explain.ts';
import type { Remote } from './rpc.ts';

/** Name of the error of a query that a newer one of the same caller has superseded. */
// eslint-disable-next-line lab/translated -- the name of an error
export const INSPECTION_SUPERSEDED = 'InspectionSuperseded';

/**
 * Queries about a model. A trainer answers them for the run that it trains, between two steps, or for a stored run that
 * it has opened. A call may fail with an error whose message is for the user.
 */
export const inspectorContract = {
  /** Probes gradients and gates on the run's probe batch, or on a text. */
  probe: { args: z.tuple([z.object({ text: z.string().nullable(), start: probeStart.optional() })]), result: probe },
  /** Reads a text. A waiting call fails with `InspectionSuperseded` when the same caller makes a new one. */
  inspect: { args: z.tuple([inspectRequest]), result: inspection },
  /** The text of the last probe of a run that another program logs, with its gates. @throws Error for other runs */
  readLogged: { args: z.tuple([]), result: inspection },
  activationMap: { args: z.tuple([activationRequest]), result: activationMap },
  unitRoles: { args: z.tuple([unitRolesRequest]), result: unitRoles },
  unitTraces: { args: z.tuple([unitRequest]), result: unitTraces },
  connectivity: { args: z.tuple([connectivityRequest]), result: connectivity },
  /** Explains one unit at one token in float64, with the weights of the first explanation of the inspection. */
  explainStep: { args: z.tuple([explainStepRequest]), result: explainedStep },
  explainGradient: { args: z.tuple([explainGradientRequest]), result: explainedGradient },
  /** Reads up to `MAX_COURSE_STEPS` tokens for one unit; superseded like an inspection. */
  course: { args: z.tuple([courseRequest]), result: course },
  /**
   * Finds the contexts in a whole text in which a unit is most active. Other queries are answered between the parts of
   * a long text.
   */
  firings: { args: z.tuple([firingRequest]), result: firings },
  /** What the model writes. @throws Error if it does not write */
  describeWriter: { args: z.tuple([]), result: writerForm },
  /**
   * Begins to write a text, which cancels the one before. A run in training waits until it is complete, so that one
   * model writes all of it.
   */
  beginGeneration: { args: z.tuple([generationRequest]), result: begunGeneration },
  /** The next part of a generated text, as soon as there is one. @throws Error for a text that failed or was replaced */
  nextGenerated: { args: z.tuple([z.int()]), result: generationPart },
  /** Ends a generated text early; its next part is the last one. */
  cancelGenerated: { args: z.tuple([z.int()]), result: z.void() },
  /** Opens a table, closes the previous one, and returns its number. */
  openRows: { args: z.tuple([tableText]), result: z.int() },
  /** Row at a cursor. @throws Error with the line and the reason for a row that cannot be read */
  rowAt: { args: z.tuple([rowRequest]), result: rowAtCursor },
} as const;

export type RemoteInspector = Remote<typeof inspectorContract>;

/** True for the error of a superseded query, which can be ignored. */
export function isSuperseded(error: unknown): boolean {
  return error instanceof Error && error.name === INSPECTION_SUPERSEDED;
}
