import * as z from 'zod';

/** How a thread loads a backend. */
export const backendOptions = z.object({
  /** Home folder of the run store, the native installation and the choices of `auto`. */
  home: z.string(),
  /** Folder of an installed `@tensorflow/tfjs-node`; empty looks in the usual places. */
  tensorflowPath: z.string(),
  /** Whether V8's experimental 256-bit vectors may be enabled for the whole process of the trainer. */
  wideSimd: z.boolean(),
  /** Most threads of a run whose configuration leaves their number to the backend; omitted: all processors. */
  mostThreads: z.int().positive().optional(),
  /** Whether the trainer runs in a separate process, which native code may abort. */
  ownProcess: z.boolean().optional(),
  /** Trusted folder whose commit is recorded with a run; omitted: none is. */
  workspace: z.string().optional(),
});

export type BackendOptions = z.output<typeof backendOptions>;
