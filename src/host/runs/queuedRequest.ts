import * as z from 'zod';
import { runParent, sweepTrial } from '../../config/runParent.ts';
import { runConfigSchema } from '../../config/schema.ts';
import { runSource } from '../../config/textSource.ts';
import { initialRequest } from '../../protocol/initialWeights.ts';
import { resumeChanges } from '../../protocol/trainer.ts';

/** Longest text of an editor that is stored with a request, in characters. */
const LONGEST_TEXT = 1_000_000;

/** A run that has not begun, as the storage of the workspace keeps it across a reload of the window. */
const queuedRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    training: z.object({
      config: runConfigSchema,
      source: runSource,
      name: z.string(),
      notices: z.array(z.string()).readonly().exactOptional(),
      comparison: z.string().exactOptional(),
      lessonRun: z.string().exactOptional(),
      parent: runParent.exactOptional(),
      initial: initialRequest.exactOptional(),
      trial: z.object({ sweep: sweepTrial, run: z.string(), until: z.int().positive() }).exactOptional(),
    }),
  }),
  z.object({ kind: z.literal('repeat'), run: z.string() }),
  z.object({ kind: z.literal('resume'), run: z.string(), changes: resumeChanges }),
]);

export type QueuedRequest = z.output<typeof queuedRequest>;

/** Whether a request is stored: lessons and sweeps train their runs themselves, and a long text has no place in the storage. */
export function isStorable(request: QueuedRequest): boolean {
  if (request.kind !== 'start') return true;
  const { source, lessonRun, trial } = request.training;
  return (
    lessonRun === undefined && trial === undefined && (source.kind !== 'text' || source.text.length <= LONGEST_TEXT)
  );
}

/** The stored requests that are valid, in their order. A version may have stored others. */
export function readRequests(stored: unknown): QueuedRequest[] {
  return Array.isArray(stored) ? stored.flatMap((each) => queuedRequest.safeParse(each).data ?? []) : [];
}
