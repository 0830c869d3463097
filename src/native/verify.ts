import { fileURLToPath } from 'node:url';
import { type NativeReport, nativeReport } from '../protocol/nativeBackends.ts';
import { NativeError } from './nativePackage.ts';
import { CommandFailed, runCommand } from './runCommand.ts';

/** Path of the check, which is next to the bundle or next to this module. */
const checkProgram = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './check.ts' : './nativeCheck.js', import.meta.url),
);

/**
 * Verifies `@tensorflow/tfjs-node` in a folder by running training steps in a separate process.
 * @throws NativeError with the reason if it does not load, aborts, or computes wrong numbers
 */
export async function verifyNative(packageFolder: string): Promise<NativeReport> {
  const env = { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true' };
  try {
    return nativeReport.parse(
      JSON.parse(await runCommand(process.execPath, [checkProgram, packageFolder], { quiet: true, env })),
    );
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const line = error.message.split('\n').find((each) => /^\w*Error: /.test(each)) ?? error.message;
    throw new NativeError(line.replace(/^\w*Error: /, ''), { cause: error });
  }
}
