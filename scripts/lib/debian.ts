import { run } from './run.ts';
import { Unavailable } from './unavailable.ts';

/** Seconds to wait for another installation of packages. */
const LOCK_SECONDS = 300;

async function isInstalled(name: string): Promise<boolean> {
  const status = await run('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name], { quiet: true }).catch(
    () => '',
  );
  return status === 'installed';
}

/**
 * Ensures that Debian packages are installed. As root, installs the missing ones; otherwise the error holds the command
 * to run. Does nothing on a system without dpkg: the caller fails when it uses the tool that is missing.
 *
 * @param purpose what the packages are for, as in "to draw pages"; printed before anything is installed
 * @throws Unavailable naming the missing packages and the command that installs them
 */
export async function ensureDebianPackages(names: readonly string[], purpose: string): Promise<void> {
  if (process.platform !== 'linux' || !(await hasDpkg())) return;
  const missing: string[] = [];
  for (const name of names) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new Unavailable(`needs Debian packages ${purpose}; run: sudo apt-get install -y ${missing.join(' ')}`);
  }
  console.log(`Installing Debian packages ${purpose}: ${missing.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Another installation may be running, such as that of a second suite or of the system's updates.
  const wait = ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`];
  await run('apt-get', [...wait, 'update', '-qq'], { env, quiet: true });
  await run('apt-get', [...wait, 'install', '-y', '-qq', '--no-install-recommends', ...missing], { env, quiet: true });
}

async function hasDpkg(): Promise<boolean> {
  return run('dpkg-query', ['--version'], { quiet: true }).then(
    () => true,
    () => false,
  );
}
