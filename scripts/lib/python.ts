import { join } from 'node:path';
import { cached } from './cache.ts';
import { ensureDebianPackages } from './debian.ts';
import { run } from './run.ts';
import { orUnavailable } from './unavailable.ts';

/** An environment of Python in the cache folder. */
export interface PythonEnvironment {
  /** Name of its folder. */
  readonly folder: string;
  /** What it is for, such as "PyTorch". */
  readonly what: string;
  /** Packages with their versions. */
  readonly packages: readonly string[];
  /** Modules whose import shows that the packages work. */
  readonly modules: readonly string[];
  /** Further options of pip, such as another index. */
  readonly options?: () => Promise<readonly string[]>;
}

/**
 * Returns the path of a Python with packages; creates the environment on first use.
 *
 * @throws Unavailable if Python or the packages are not available
 */
export async function ensurePython({ folder, what, packages, modules, options }: PythonEnvironment): Promise<string> {
  const create = async (venv: string): Promise<void> => {
    await ensureDebianPackages(['python3', 'python3-pip', 'python3-venv'], `to install ${what}`);
    await run('python3', ['-m', 'venv', venv], { quiet: true });
    const install = ['-m', 'pip', 'install', '--quiet', '--retries', '0', ...((await options?.()) ?? []), ...packages];
    await run(pythonOf(venv), install, { quiet: true });
    await run(pythonOf(venv), ['-c', `import ${modules.join(', ')}`], { quiet: true });
  };
  return pythonOf(await orUnavailable(`${what} cannot be installed`, () => cached(folder, create)));
}

function pythonOf(venv: string): string {
  return join(venv, 'bin', 'python');
}
