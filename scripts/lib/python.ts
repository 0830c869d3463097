import { writeFile } from 'node:fs/promises';
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
  /** Pythons of other environments whose packages it imports, so that large ones are installed once. */
  readonly borrowed?: readonly string[];
  /** Variables of the environment with which the modules are imported. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Returns the path of a Python with packages; creates the environment on first use.
 *
 * @throws Unavailable if Python or the packages are not available
 */
export async function ensurePython({
  folder,
  what,
  packages,
  modules,
  options,
  borrowed = [],
  variables = {},
}: PythonEnvironment): Promise<string> {
  const create = async (venv: string): Promise<void> => {
    await ensureDebianPackages(['python3', 'python3-pip', 'python3-venv'], `to install ${what}`);
    await run('python3', ['-m', 'venv', venv], { quiet: true });
    const install = ['-m', 'pip', 'install', '--quiet', '--retries', '0', ...((await options?.()) ?? []), ...packages];
    await run(pythonOf(venv), install, { quiet: true });
    if (borrowed.length > 0) {
      const folders = await Promise.all(borrowed.map(packagesOf));
      await writeFile(join(await packagesOf(pythonOf(venv)), 'borrowed.pth'), `${folders.join('\n')}\n`);
    }
    await run(pythonOf(venv), ['-c', `import ${modules.join(', ')}`], { quiet: true, env: variables });
  };
  return pythonOf(await orUnavailable(`${what} cannot be installed`, () => cached(folder, create)));
}

/** Folder with the packages of a Python. */
async function packagesOf(python: string): Promise<string> {
  return (await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], { quiet: true })).trim();
}

function pythonOf(venv: string): string {
  return join(venv, 'bin', 'python');
}
