import { join } from 'node:path';
import { cached } from './cache.ts';
import { ensureDebianPackages } from './debian.ts';
import { isReachable } from '../../src/native/install.ts';
import { run } from './run.ts';
import { orUnavailable } from './unavailable.ts';

const PACKAGES = ['torch==2.13.0+cpu', 'numpy==2.4.6'];
/** Package index of the CPU builds of PyTorch; used if it is reachable. */
const TORCH_INDEX = 'https://download.pytorch.org/whl/cpu';

const pythonOf = (venv: string): string => join(venv, 'bin', 'python');

async function create(venv: string): Promise<void> {
  await ensureDebianPackages(['python3', 'python3-pip', 'python3-venv'], 'to install PyTorch');
  await run('python3', ['-m', 'venv', venv], { quiet: true });
  const index = (await isReachable(TORCH_INDEX)) ? ['--extra-index-url', TORCH_INDEX] : [];
  const install = ['-m', 'pip', 'install', '--quiet', '--retries', '0', ...index, ...PACKAGES];
  await run(pythonOf(venv), install, { quiet: true });
  await run(pythonOf(venv), ['-c', 'import torch, numpy'], { quiet: true });
}

/**
 * Returns the path of a Python with PyTorch for CPU; creates the environment in the cache folder on first use.
 *
 * @throws Unavailable if Python or the packages are not available
 */
export async function ensureTorch(): Promise<string> {
  return pythonOf(await orUnavailable('PyTorch cannot be installed', () => cached('torch-2.13.0-cpu', create)));
}
