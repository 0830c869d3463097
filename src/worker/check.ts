import * as z from 'zod';
import { checkKernels } from '../backends/kernelChecks.ts';
import { backendNamed } from '../backends/registry.ts';
import { say } from '../phrases/phrase.ts';

/** The data of a worker thread that checks the kernels of a backend. */
export const checkTask = z.object({
  check: z.string(),
  /** Units of the recurrent layers; if omitted, more than the threads in a workgroup of a GPU. */
  units: z.int().positive().optional(),
  environment: z.object({ home: z.string(), tensorflowPath: z.string(), ownProcess: z.boolean().optional() }),
});

export const checkAnswer = z.union([
  z.object({ device: z.string(), checks: z.array(z.object({ kernel: z.string(), error: z.number() })) }),
  z.object({ reason: z.string() }),
]);

/** Compares each kernel of the requested backend with the reference. */
export async function checkHere({
  check,
  units,
  environment,
}: z.output<typeof checkTask>): Promise<z.input<typeof checkAnswer>> {
  try {
    const { device } = await backendNamed(check).load(environment);
    return { device: say(device), checks: await checkKernels(units) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
