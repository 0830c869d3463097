import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';
import { run } from './run.ts';

interface Manifest {
  name: string;
  version: string;
}

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

/** VSIX file that `npm run package` writes. */
export const vsixFile = join(root, `${name}-${version}.vsix`);

/** Command line program that `npm run build` writes. */
export const commandLine = join(root, 'dist', 'cli.js');

/** Bundles everything into dist/. */
export async function build(...args: string[]): Promise<void> {
  await run(process.execPath, [join(root, 'esbuild.mjs'), ...args]);
}
