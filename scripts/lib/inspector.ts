import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { run } from './run.ts';
import { orUnavailable } from './unavailable.ts';

const VERSION = '2.12.0';
const PACKAGE = `@modelcontextprotocol/inspector@${VERSION}`;

/**
 * Installs the official inspector of the Model Context Protocol in the cache folder.
 * @returns the path of its program for Node.js
 * @throws Unavailable if it cannot be installed
 */
export async function ensureInspector(): Promise<string> {
  const create = async (folder: string): Promise<void> => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
    const install = ['install', PACKAGE, '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'];
    await run('npm', install, { cwd: folder, quiet: true });
  };
  return orUnavailable('The inspector of the Model Context Protocol cannot be installed', async () => {
    const folder = await cached(`mcp-inspector-${VERSION}`, create);
    const build = join('clients', 'launcher', 'build', 'index.js');
    return join(folder, 'node_modules', '@modelcontextprotocol', 'inspector', build);
  });
}
