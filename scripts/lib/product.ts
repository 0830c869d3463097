import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';
import { run } from './run.ts';

interface Manifest {
  name: string;
  version: string;
}

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

/** What `npm run package` writes. */
export const vsixFile = join(root, `${name}-${version}.vsix`);

/** What `npm run build` writes for the command line. */
export const commandLine = join(root, 'dist', 'cli.js');

/** Bundles everything into dist/. */
export async function build(...words: string[]): Promise<void> {
  await run(process.execPath, [join(root, 'esbuild.mjs'), ...words]);
}
