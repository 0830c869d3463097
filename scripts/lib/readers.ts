import { join } from 'node:path';
import { cached } from './cache.ts';
import { ensureDebianPackages } from './debian.ts';
import { run } from './run.ts';
import { orUnavailable } from './unavailable.ts';

/** Packages that read the exported files back: TensorBoard its events, PyArrow Parquet, NumPy arrays. */
const PACKAGES = ['tensorboard==2.21.0', 'pyarrow==25.0.1', 'numpy==2.4.6'];

const pythonOf = (venv: string): string => join(venv, 'bin', 'python');

async function create(venv: string): Promise<void> {
  await ensureDebianPackages(['python3', 'python3-pip', 'python3-venv'], 'to install the readers of exported files');
  await run('python3', ['-m', 'venv', venv], { quiet: true });
  await run(pythonOf(venv), ['-m', 'pip', 'install', '--quiet', '--retries', '0', ...PACKAGES], { quiet: true });
  await run(pythonOf(venv), ['-c', 'import numpy, pyarrow, tensorboard'], { quiet: true });
}

/**
 * Returns the path of a Python that reads exported files; creates the environment in the cache folder on first use.
 *
 * @throws Unavailable if Python or the packages are not available
 */
export async function ensureReaders(): Promise<string> {
  return pythonOf(await orUnavailable('the readers cannot be installed', () => cached('readers-1', create)));
}
