import { join } from 'node:path';
import { cached } from './cache.ts';
import { ensureDebianPackages } from './debian.ts';
import { run } from './run.ts';
import { orUnavailable } from './unavailable.ts';

const PACKAGES = ['onnxruntime==1.30.0', 'numpy==2.4.6'];

const pythonOf = (venv: string): string => join(venv, 'bin', 'python');

async function create(venv: string): Promise<void> {
  await ensureDebianPackages(['python3', 'python3-pip', 'python3-venv'], 'to install onnxruntime');
  await run('python3', ['-m', 'venv', venv], { quiet: true });
  await run(pythonOf(venv), ['-m', 'pip', 'install', '--quiet', '--retries', '0', ...PACKAGES], { quiet: true });
  await run(pythonOf(venv), ['-c', 'import onnxruntime'], { quiet: true });
}

/**
 * Returns the path of a Python with onnxruntime; creates the environment in the cache folder on first use.
 *
 * @throws Unavailable if Python or the package is not available
 */
export async function ensureOnnx(): Promise<string> {
  return pythonOf(await orUnavailable('onnxruntime cannot be installed', () => cached('onnxruntime-1.30.0', create)));
}
