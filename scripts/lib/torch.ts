import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDebianPackages } from './debian.ts';
import { cacheFolder } from './paths.ts';
import { isReachable } from './reachable.ts';
import { run } from './run.ts';

const PACKAGES = ['torch==2.13.0+cpu', 'numpy==2.4.6'];
const venv = join(cacheFolder, 'torch-2.13.0-cpu');
const python = join(venv, 'bin', 'python');
/** Written last, so that an installation that was cut off is not taken for a whole one. */
const finished = join(venv, 'finished');
/** Where the builds for CPU are published; a machine whose pip is set up otherwise does without. */
const torchIndex = 'https://download.pytorch.org/whl/cpu';

async function create(): Promise<void> {
  await ensureDebianPackages(['python3', 'python3-pip', 'python3-venv']);
  await rm(venv, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', venv], { quiet: true });
  const index = (await isReachable(torchIndex)) ? ['--extra-index-url', torchIndex] : [];
  await run(python, ['-m', 'pip', 'install', '--quiet', '--retries', '0', ...index, ...PACKAGES], { quiet: true });
  await run(python, ['-c', 'import torch, numpy'], { quiet: true });
  await writeFile(finished, `${PACKAGES.join('\n')}\n`);
}

/**
 * Returns the path of a Python that has PyTorch for CPU, made on first use and kept in the cache folder.
 *
 * @throws Error if Python or the packages cannot be had
 */
export async function ensureTorch(): Promise<string> {
  if (!existsSync(finished) || !existsSync(python)) await create();
  return python;
}
