import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { ensureDebianPackages } from './debian.ts';
import { nodeHeaders } from './paths.ts';
import { run } from './run.ts';
import { orUnavailable } from './unavailable.ts';

/** Version of code-server, which serves the workbench and extension host of VS Code 1.139.1 to a browser. */
const VERSION = '4.139.1';

/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 15_000;

async function install(folder: string): Promise<void> {
  await ensureDebianPackages(
    ['g++', 'make', 'python3', 'pkg-config', 'libkrb5-dev'],
    'to compile the native modules of code-server',
  );
  console.log(`Installing code-server ${VERSION} into ${folder} (600 MB, 2 to 4 minutes, once per machine) ...`);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const env = { npm_config_nodedir: nodeHeaders, npm_config_dangerously_allow_all_scripts: 'true' };
  const args = ['install', `code-server@${VERSION}`, '--no-fund', '--no-audit', '--loglevel=error'];
  await withProgress('code-server', () => run('npm', args, { cwd: folder, env, quiet: true }));
}

/**
 * Returns the path of code-server, to be run by the project's Node.js; installs it on first use.
 *
 * @throws Unavailable if it cannot be installed
 */
export async function ensureCodeServer(): Promise<string> {
  const folder = await orUnavailable('code-server cannot be installed', () =>
    cached(`code-server-${VERSION}`, install),
  );
  return join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
}

/** Prints every 15 seconds how long `action` has been running. */
async function withProgress<T>(name: string, action: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 1000);
  const timer = setInterval(() => console.log(`  ${name}: ${seconds()} s ...`), PROGRESS_MS);
  try {
    const result = await action();
    console.log(`  ${name}: done after ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
