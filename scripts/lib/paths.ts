import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Root folder of the clone. */
export const root = resolve(import.meta.dirname, '..', '..');

/** Folder for output to look at: screenshots, logs, the sample folder. */
export const outFolder = join(root, 'out');

/** Cache of downloads and builds that do not depend on the clone; `SEQUENCE_LAB_CACHE` overrides the location. */
export const cacheFolder = process.env['SEQUENCE_LAB_CACHE'] ?? join(homedir(), '.cache', 'sequence-lab');

/** Parent folder of `include/node`, where node-gyp finds the C headers of the project's Node.js. */
export const nodeHeaders = join(
  root,
  ...['node_modules', 'node', 'node_modules'],
  [
    process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node',
    process.platform,
    process.arch,
  ].join('-'),
);
