import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { NativeError } from './nativeError.ts';
import { CommandFailed, runCommand } from './runCommand.ts';

const nativeReport = z.object({
  /** Version of the package. */
  tfjsNode: z.string(),
  /** Version of the library beneath it. */
  tensorflow: z.string(),
  /** "CPU, 2 threads", or the GPU's name. */
  device: z.string(),
});

/** What training on a native TensorFlow found. */
export type NativeReport = z.output<typeof nativeReport>;

/** Lies beside the bundle, or beside this module. */
const checkProgram = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './check.ts' : './nativeCheck.js', import.meta.url));

/**
 * Loads `@tensorflow/tfjs-node` from a folder in a process of its own, and trains on it.
 * @throws NativeError with the reason when it does not load, aborts, or computes wrong numbers
 */
export async function proveNative(packageFolder: string): Promise<NativeReport> {
  const env = { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true' };
  try {
    return nativeReport.parse(JSON.parse(await runCommand(process.execPath, [checkProgram, packageFolder], { quiet: true, env })));
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const line = error.message.split('\n').find((each) => /^\w*Error: /.test(each)) ?? error.message;
    throw new NativeError(line.replace(/^\w*Error: /, ''), { cause: error });
  }
}
