import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  /** A Python whose packages it uses, too, so that they are not installed twice. */
  readonly borrowed?: string;
  /** Variables for the modules. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Returns the path of a Python with packages; creates the environment on first use.
 *
 * @throws Unavailable if Python or the packages are not available
 */
export async function ensurePython(python: PythonEnvironment): Promise<string> {
  const { folder, what, packages, modules, options, borrowed, environment = {} } = python;
  const create = async (venv: string): Promise<void> => {
    await ensureDebianPackages(['python3', 'python3-pip', 'python3-venv'], `to install ${what}`);
    await run('python3', ['-m', 'venv', venv], { quiet: true });
    if (borrowed !== undefined)
      await writeFile(join(await packagesOf(venv), 'borrowed.pth'), await packagesOf(dirname(dirname(borrowed))));
    const install = ['-m', 'pip', 'install', '--quiet', '--retries', '0', ...((await options?.()) ?? []), ...packages];
    await run(pythonOf(venv), install, { quiet: true });
    await run(pythonOf(venv), ['-c', `import ${modules.join(', ')}`], { quiet: true, env: environment });
  };
  return pythonOf(await orUnavailable(`${what} cannot be installed`, () => cached(folder, create)));
}

function pythonOf(venv: string): string {
  return join(venv, 'bin', 'python');
}

/** The folder of the packages of an environment. */
async function packagesOf(venv: string): Promise<string> {
  const [version = ''] = await readdir(join(venv, 'lib'));
  return join(venv, 'lib', version, 'site-packages');
}
