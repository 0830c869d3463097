import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The clone. */
export const root = resolve(import.meta.dirname, '..', '..');

/** What a run of the scripts leaves behind for a person to look at: screenshots, logs, the sample folder. */
export const outFolder = join(root, 'out');

/** What is slow to fetch or build and does not depend on the clone; `SEQUENCE_LAB_CACHE` moves it. */
export const cacheFolder = process.env['SEQUENCE_LAB_CACHE'] ?? join(homedir(), '.cache', 'sequence-lab');

/** The folder above `include/node`, where node-gyp finds the C headers of the project's Node. */
export const nodeHeaders = join(
  root,
  ...['node_modules', 'node', 'node_modules'],
  [
    process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node',
    process.platform,
    process.arch,
  ].join('-'),
);
