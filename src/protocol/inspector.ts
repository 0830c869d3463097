import * as z from 'zod';
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
  unitTraces,
} from './inspection.ts';
import { probe } from './probes.ts';
import type { Remote } from './rpc.ts';

/**
 * Questions about a model. A trainer answers them for the run that it trains, between two steps, or for a stored run
 * that it has opened. Every call may be refused with an error that says why, in words for the user.
 */
export const inspectorContract = {
  /** Probes gradients and gates now: on the run's probe batch, or on a text. */
  probe: { args: z.tuple([z.object({ text: z.string().nullable() })]), result: probe },
  /**
   * Reads a text; a newer call of the same reader makes an older one that still waits fail with `InspectionSuperseded`.
   */
  inspect: { args: z.tuple([inspectRequest]), result: inspection },
  activationMap: { args: z.tuple([activationRequest]), result: activationMap },
  unitTraces: { args: z.tuple([unitRequest]), result: unitTraces },
  connectivity: { args: z.tuple([connectivityRequest]), result: connectivity },
  /** Reads up to `MAX_COURSE_STEPS` tokens for one unit; superseded like an inspection. */
  course: { args: z.tuple([courseRequest]), result: course },
  /**
   * Reads a whole text for where a unit fires; long texts are read in parts, so that other questions are answered
   * between.
   */
  firings: { args: z.tuple([firingRequest]), result: firings },
  /** Keeps a table in place of the last one, and says its number. */
  openRows: { args: z.tuple([tableText]), result: z.int() },
  /** The row at a cursor. Refused for a row that cannot be read, with its line and the reason. */
  rowAt: { args: z.tuple([rowRequest]), result: rowAtCursor },
} as const;

export type RemoteInspector = Remote<typeof inspectorContract>;
