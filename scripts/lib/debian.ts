import { run } from './run.ts';
import { Unavailable } from './unavailable.ts';

async function isInstalled(name: string): Promise<boolean> {
  const status = await run('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name], { quiet: true }).catch(
    () => '',
  );
  return status === 'installed';
}

/**
 * Makes sure of Debian packages. As root the missing ones are installed; elsewhere the error holds the line to run.
 * On a system without dpkg nothing is done: whoever needs the tools finds out, and says so, by using them.
 *
 * @throws Unavailable naming the packages that are missing and the one line that installs them
 */
export async function ensureDebianPackages(names: readonly string[]): Promise<void> {
  if (process.platform !== 'linux' || !(await hasDpkg())) return;
  const missing: string[] = [];
  for (const name of names) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new Unavailable(`needs Debian packages; run: sudo apt-get install -y ${missing.join(' ')}`);
  }
  console.log(`Installing Debian packages: ${missing.join(' ')} ...`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env, quiet: true });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env, quiet: true });
}

async function hasDpkg(): Promise<boolean> {
  return run('dpkg-query', ['--version'], { quiet: true }).then(
    () => true,
    () => false,
  );
}
